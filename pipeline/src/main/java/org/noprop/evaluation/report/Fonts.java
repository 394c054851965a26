package org.noprop.evaluation.report;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether text can be drawn here. */
final class Fonts {
    private static final Logger LOG = LoggerFactory.getLogger(Fonts.class);

    private Fonts() {}

    /**
     * Tries to lay out a letter. Where a machine has no fonts, as in small containers, Java fails with an
     * error of its own for each way in which they can be missing; none may cost a run its report.
     */
    static boolean usable() {
        try {
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
            return new TextLayout("x", font, new FontRenderContext(null, true, true)).getAdvance() > 0;
        } catch (RuntimeException | Error e) {
            LOG.warn("The report comes without figures: Java finds no fonts on this machine ({})", e.toString());
            return false;
        }
    }
}

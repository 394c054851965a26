package org.noprop.evaluation.report;

import java.awt.Color;
import org.noprop.data.BaselineKind;

/** The figures' colours: one meaning each, told apart by people who see red and green alike. */
final class Palette {
    static final Color NOPROP = new Color(0x1f5fa8);
    static final Color ALONE = new Color(0xb4c7dc);
    static final Color BASELINE = new Color(0xc9581a);
    private static final Color PLAIN_BASELINE = new Color(0x8a5aa8);
    static final Color TEXT = new Color(0x33363b);
    static final Color GRID = new Color(0xe3e5e8);

    private static final Color FIRST_BLOCK = new Color(0x2b1b5e);
    private static final Color MIDDLE_BLOCK = new Color(0x1f8f8a);
    private static final Color LAST_BLOCK = new Color(0xe0a800);

    private Palette() {}

    /** A baseline. */
    static Color baseline(BaselineKind kind) {
        return kind == BaselineKind.BLOCKS ? BASELINE : PLAIN_BASELINE;
    }

    /** Block t of T on a ramp from dark to light. */
    static Color block(int t, int blocks) {
        double place = blocks == 1 ? 0 : (t - 1) / (double) (blocks - 1);
        return place < 0.5 ? mix(FIRST_BLOCK, MIDDLE_BLOCK, 2 * place) : mix(MIDDLE_BLOCK, LAST_BLOCK, 2 * place - 1);
    }

    private static Color mix(Color from, Color to, double share) {
        return new Color(
                part(from.getRed(), to.getRed(), share),
                part(from.getGreen(), to.getGreen(), share),
                part(from.getBlue(), to.getBlue(), share));
    }

    private static int part(int from, int to, double share) {
        return (int) Math.round(from + share * (to - from));
    }
}

package org.noprop.spark;

import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Standard error, where it is a terminal. */
final class Terminal {
    /** System property by which the launcher says so. */
    private static final String PROPERTY = "noprop.terminal";

    private Terminal() {}

    /**
     * A bar; empty where there is no terminal.
     *
     * @param name before the bar
     * @param most where it ends
     * @param unit after the number
     */
    static Optional<ProgressBar> bar(String name, long most, String unit) {
        if (!Boolean.getBoolean(PROPERTY)) {
            return Optional.empty();
        }
        return Optional.of(new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(most)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .build());
    }
}

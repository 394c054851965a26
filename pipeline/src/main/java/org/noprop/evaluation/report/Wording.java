package org.noprop.evaluation.report;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.SubjectMemory;

/** Figures as the report words them. */
final class Wording {
    private static final int MINUTE = 60;

    private Wording() {}

    /** Percent with two decimals, and the standard error where there are several runs. */
    static String percent(Accuracy accuracy) {
        return percentFigure(accuracy) + " %";
    }

    /** As {@link #percent}, without the unit. */
    static String percentFigure(Accuracy accuracy) {
        return accuracy.runs().size() == 1
                ? String.format(Locale.ROOT, "%.2f", 100 * accuracy.mean())
                : String.format(Locale.ROOT, "%.2f ± %.2f", 100 * accuracy.mean(), 100 * accuracy.standardError());
    }

    /** Seconds with one decimal, from a minute on minutes and seconds. */
    static String time(Duration duration) {
        if (duration.toSeconds() < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        return String.format(Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
    }

    /** As {@link #time(Duration)}, a dash where there is none. */
    static String time(Optional<Duration> duration) {
        return duration.map(Wording::time).orElse("–");
    }

    /** Megabytes of 10⁶ bytes with one decimal. */
    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** What was measured, with the standard deviation where several processes measured it. */
    static String megabytes(SubjectMemory memory) {
        return memory.runs().size() == 1
                ? megabytes(memory.measuredBytes())
                : String.format(Locale.ROOT, "%.1f ± %.1f MB", memory.measuredBytes() / 1e6, memory.deviation() / 1e6);
    }

    /** Percent of a fraction, with one decimal. */
    static String share(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }

    /** A phrase as it begins a line. */
    static String capitalised(String phrase) {
        return phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1);
    }

    /** A count with thin spaces between thousands. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
    }
}

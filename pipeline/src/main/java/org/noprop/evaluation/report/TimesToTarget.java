package org.noprop.evaluation.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.Progress;
import org.noprop.evaluation.report.Page.Fact;

/** How long NoProp and the baselines took to a given accuracy, in words. */
final class TimesToTarget {
    private TimesToTarget() {}

    /** The accuracy with two decimals; empty where there is none. */
    static String target(Optional<LearningProgress> learning) {
        OptionalDouble target = learning.map(LearningProgress::target).orElse(OptionalDouble.empty());
        return target.isPresent() ? String.format(Locale.ROOT, "%.2f", 100 * target.getAsDouble()) : "";
    }

    /** A line for each; none without an accuracy to look for. */
    static List<Fact> of(Optional<LearningProgress> learning) {
        if (target(learning).isEmpty()) {
            return List.of();
        }
        LearningProgress known = learning.orElseThrow();
        double target = known.target().getAsDouble();
        List<Fact> times = new ArrayList<>();
        times.add(new Fact("NoProp, a worker a block", time(known.workerABlock(), target)));
        times.add(new Fact(
                known.slots() == 1 ? "NoProp on one worker" : "NoProp on " + known.slots() + " workers",
                time(known.onSlots(), target)));
        known.baselines()
                .forEach((kind, progress) ->
                        times.add(new Fact(Wording.capitalised(kind.title()), time(progress, target))));
        return times;
    }

    private static String time(Progress progress, double target) {
        OptionalDouble seconds = progress.secondsTo(target);
        return seconds.isPresent()
                ? Wording.time(Duration.ofMillis(Math.round(1000 * seconds.getAsDouble())))
                : "not reached";
    }
}

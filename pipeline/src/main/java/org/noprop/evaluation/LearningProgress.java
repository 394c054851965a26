package org.noprop.evaluation;

import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.BaselineKind;

/**
 * How NoProp and the baselines came to their accuracy on the validation split.
 *
 * <p>NoProp's accuracy after an epoch is that of the whole chain, without noise, with every block as it was after that
 * epoch. With a worker a block it was there when the slowest block had made its steps until then; with fewer, when
 * workers that each take the next block as soon as they are free would have made those of all. The head, a task of
 * its own, is the trained one throughout, and its time is not counted.
 *
 * @param configuredTarget the accuracy whose time is looked for, in [0, 1]; empty for a margin below the best that a
 *     baseline reached
 * @param margin that margin, in [0, 1]
 * @param slots tasks that could run at the same time
 * @param workerABlock NoProp with a worker a block
 * @param onSlots NoProp with as many workers as there were slots
 * @param baselines those that there are
 */
public record LearningProgress(
        OptionalDouble configuredTarget,
        double margin,
        int slots,
        Progress workerABlock,
        Progress onSlots,
        SortedMap<BaselineKind, Progress> baselines) {
    /** Copies the map. */
    public LearningProgress {
        baselines = new TreeMap<>(baselines);
    }

    /** The accuracy whose time is looked for; empty where none is set and there is no baseline. */
    public OptionalDouble target() {
        if (configuredTarget.isPresent()) {
            return configuredTarget;
        }
        OptionalDouble best = baselines.values().stream()
                .flatMapToDouble(progress -> progress.best().stream())
                .max();
        return best.isPresent() ? OptionalDouble.of(best.getAsDouble() - margin) : best;
    }
}

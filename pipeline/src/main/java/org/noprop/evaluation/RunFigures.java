package org.noprop.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.noprop.data.BaselineKind;

/**
 * The figures of an evaluated run that are compared with those of others.
 *
 * @param run the run's id
 * @param configuration name of its configuration
 * @param seed its seed
 * @param testRows how many images were classified
 * @param noprop accuracy by noisy run
 * @param averaged accuracy of the runs' mean probability
 * @param withoutNoise accuracy without noise
 * @param baselines those that there are
 * @param slowestBlock seconds that the slowest block was trained
 * @param allBlocks seconds that all blocks were trained, one after the other
 * @param memoryRatio a block's memory as a share of the baseline's, where it was measured at the run's T
 */
public record RunFigures(
        String run,
        String configuration,
        long seed,
        int testRows,
        Accuracy noprop,
        Accuracy averaged,
        Accuracy withoutNoise,
        Map<BaselineKind, Baseline> baselines,
        double slowestBlock,
        double allBlocks,
        OptionalDouble memoryRatio) {
    /**
     * A baseline.
     *
     * @param accuracy by run
     * @param seconds that it was trained
     */
    public record Baseline(Accuracy accuracy, double seconds) {}

    /** Copies the map. */
    public RunFigures {
        baselines = Map.copyOf(baselines);
    }

    /** A baseline's accuracy, where there is one. */
    public Optional<Accuracy> accuracy(BaselineKind kind) {
        return Optional.ofNullable(baselines.get(kind)).map(Baseline::accuracy);
    }

    /** Seconds that a baseline was trained, where there is one. */
    public OptionalDouble seconds(BaselineKind kind) {
        Baseline baseline = baselines.get(kind);
        return baseline == null ? OptionalDouble.empty() : OptionalDouble.of(baseline.seconds());
    }

    /** The baselines that at least one of the runs has, in their order. */
    public static List<BaselineKind> kinds(List<RunFigures> runs) {
        return List.of(BaselineKind.values()).stream()
                .filter(kind -> runs.stream().anyMatch(run -> run.baselines().containsKey(kind)))
                .toList();
    }
}

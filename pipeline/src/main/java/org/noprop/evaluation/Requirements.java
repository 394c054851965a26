package org.noprop.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Bounds that an evaluation must keep; one that is empty is none.
 *
 * @param accuracy least mean accuracy of NoProp's noisy runs, in percent
 * @param baselineDistance most points that NoProp may lie below the baseline
 * @param memoryRatio most that training a block may take of the baseline's memory
 */
public record Requirements(OptionalDouble accuracy, OptionalDouble baselineDistance, OptionalDouble memoryRatio) {
    /** No bounds at all. */
    public static final Requirements NONE =
            new Requirements(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    /** A bound that is missed by floating-point rounding alone is kept. */
    private static final double ROUNDING = 1e-9;

    /**
     * The bounds that are missed, each in words that can follow "evaluation.require is not met: ". A figure that
     * there is none of keeps no bound.
     *
     * @param result what the evaluation found
     * @param memory what training a block of this run's T and the baseline take, where it was measured
     */
    public List<String> missed(EvaluationResult result, Optional<MemoryPair> memory) {
        List<String> missed = new ArrayList<>();
        double reached = 100 * result.noprop().mean();
        if (accuracy.isPresent() && reached < accuracy.getAsDouble() - ROUNDING) {
            missed.add(String.format(
                    Locale.ROOT, "accuracy is %.2f %% where at least %s %% is required", reached, plain(accuracy)));
        }
        if (baselineDistance.isPresent()) {
            distance(result.comparison()).ifPresent(missed::add);
        }
        if (memoryRatio.isPresent()) {
            memory(memory).ifPresent(missed::add);
        }
        return List.copyOf(missed);
    }

    private Optional<String> distance(Optional<Comparison> comparison) {
        if (comparison.isEmpty()) {
            return Optional.of("there is no baseline to be at most " + plain(baselineDistance)
                    + " points below (run train-baseline)");
        }
        double below = -comparison.get().differencePoints();
        return below <= baselineDistance.getAsDouble() + ROUNDING
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "NoProp is %.2f points below the baseline where at most %s are allowed",
                        below,
                        plain(baselineDistance)));
    }

    private Optional<String> memory(Optional<MemoryPair> memory) {
        if (memory.isEmpty()) {
            return Optional.of("no memory was measured to be at most " + plain(memoryRatio)
                    + " of the baseline's (run measure with this --run-id)");
        }
        double ratio = memory.get().ratio();
        return ratio <= memoryRatio.getAsDouble() + ROUNDING
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "training a block takes %.3f of the baseline's memory where at most %s is allowed",
                        ratio,
                        plain(memoryRatio)));
    }

    private static String plain(OptionalDouble bound) {
        double number = bound.getAsDouble();
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}

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
        return missed(
                100 * result.noprop().mean(),
                result.comparison().stream()
                        .mapToDouble(Comparison::differencePoints)
                        .findFirst(),
                memory.stream().mapToDouble(MemoryPair::ratio).findFirst());
    }

    /**
     * The same of figures that are known by themselves.
     *
     * @param reached accuracy of NoProp, in percent
     * @param difference NoProp's accuracy less the better baseline's in points, where there is one
     * @param ratio a block's memory as a share of the baseline's, where it was measured
     */
    List<String> missed(double reached, OptionalDouble difference, OptionalDouble ratio) {
        List<String> missed = new ArrayList<>();
        if (accuracy.isPresent() && reached < accuracy.getAsDouble() - ROUNDING) {
            missed.add(String.format(
                    Locale.ROOT, "accuracy is %.2f %% where at least %s %% is required", reached, plain(accuracy)));
        }
        if (baselineDistance.isPresent()) {
            distance(difference).ifPresent(missed::add);
        }
        if (memoryRatio.isPresent()) {
            memory(ratio).ifPresent(missed::add);
        }
        return List.copyOf(missed);
    }

    private Optional<String> distance(OptionalDouble difference) {
        if (difference.isEmpty()) {
            return Optional.of("there is no baseline to be at most " + plain(baselineDistance)
                    + " points below (run train-baseline)");
        }
        double below = -difference.getAsDouble();
        return below <= baselineDistance.getAsDouble() + ROUNDING
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "NoProp is %.2f points below the baseline where at most %s are allowed",
                        below,
                        plain(baselineDistance)));
    }

    private Optional<String> memory(OptionalDouble measured) {
        if (measured.isEmpty()) {
            return Optional.of("no memory was measured to be at most " + plain(memoryRatio)
                    + " of the baseline's (run measure with this --run-id)");
        }
        double ratio = measured.getAsDouble();
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

package org.noprop.evaluation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How accuracy on the validation split rose while something was trained.
 *
 * @param epochs after which it was measured, ascending
 * @param accuracy after each, in [0, 1]
 * @param seconds of training steps until then; without validation, checkpoints and reading
 */
public record Progress(List<Integer> epochs, List<Double> accuracy, List<Double> seconds) {
    /** Copies the lists. */
    public Progress {
        epochs = List.copyOf(epochs);
        accuracy = List.copyOf(accuracy);
        seconds = List.copyOf(seconds);
    }

    /** The highest accuracy; empty where nothing was measured. */
    public OptionalDouble best() {
        return accuracy.stream().mapToDouble(Double::doubleValue).max();
    }

    /** Seconds until an accuracy was measured for the first time; empty if it never was. */
    public OptionalDouble secondsTo(double target) {
        return IntStream.range(0, accuracy.size())
                .filter(i -> accuracy.get(i) >= target)
                .mapToDouble(seconds::get)
                .findFirst();
    }
}

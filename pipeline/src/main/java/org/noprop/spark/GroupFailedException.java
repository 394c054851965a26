package org.noprop.spark;

import java.util.Map;
import java.util.stream.Collectors;

/** Partition groups failed; those that did not are trained and stay so. */
public final class GroupFailedException extends RuntimeException {
    private final boolean usersMistake;

    /**
     * Names every failed group.
     *
     * @param failures what failed, and why in one line
     * @param cause the first failure that no sentence of ours explains; null where each is a user's mistake
     */
    GroupFailedException(Map<String, String> failures, Throwable cause) {
        super(
                failures.entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + failure.getValue())
                        .collect(Collectors.joining(
                                "; ", "Training failed for ", ". What was trained stays: continue with --resume")),
                cause);
        this.usersMistake = cause == null;
    }

    /** Whether each failure is a mistake of the user's that its sentence explains. */
    public boolean usersMistake() {
        return usersMistake;
    }
}

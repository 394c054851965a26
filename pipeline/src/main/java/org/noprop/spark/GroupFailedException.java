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
     * @param resumable whether any of them can go on as it is; one that diverged would diverge again
     * @param cause the first failure that no sentence of ours explains; null where each is a user's mistake, or
     *     diverged
     */
    GroupFailedException(Map<String, String> failures, boolean resumable, Throwable cause) {
        super(
                failures.entrySet().stream()
                        .map(failure -> failure.getKey() + ": " + failure.getValue())
                        .collect(Collectors.joining(
                                "; ",
                                "Training failed for ",
                                ". What was trained stays" + (resumable ? ": continue with --resume" : ""))),
                cause);
        this.usersMistake = cause == null;
    }

    /** Whether its sentence explains each failure: by a mistake of the user's, or by training that diverged. */
    public boolean usersMistake() {
        return usersMistake;
    }
}

package org.noprop.jobs;

/** {@code noprop predict} for {@code spark-submit --class org.noprop.jobs.Predict}. */
public final class Predict {
    private Predict() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(PredictCommand.NAME, options);
    }
}

package org.noprop.jobs;

/** {@code noprop train-baseline} for {@code spark-submit --class org.noprop.jobs.TrainBaseline}. */
public final class TrainBaseline {
    private TrainBaseline() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.TRAIN_BASELINE.before(options));
    }
}

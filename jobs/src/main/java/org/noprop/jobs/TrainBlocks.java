package org.noprop.jobs;

/** {@code noprop train-blocks} for {@code spark-submit --class org.noprop.jobs.TrainBlocks}. */
public final class TrainBlocks {
    private TrainBlocks() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.TRAIN_BLOCKS.before(options));
    }
}

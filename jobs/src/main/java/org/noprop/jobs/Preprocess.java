package org.noprop.jobs;

/** {@code noprop preprocess} for {@code spark-submit --class org.noprop.jobs.Preprocess}. */
public final class Preprocess {
    private Preprocess() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.PREPROCESS.before(options));
    }
}

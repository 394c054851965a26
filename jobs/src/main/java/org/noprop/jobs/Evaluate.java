package org.noprop.jobs;

/** {@code noprop evaluate} for {@code spark-submit --class org.noprop.jobs.Evaluate}. */
public final class Evaluate {
    private Evaluate() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.EVALUATE.before(options));
    }
}

package org.noprop.jobs;

/** {@code noprop measure} for {@code spark-submit --class org.noprop.jobs.Measure}. */
public final class Measure {
    private Measure() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.MEASURE.before(options));
    }
}

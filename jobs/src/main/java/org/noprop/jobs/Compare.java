package org.noprop.jobs;

/** {@code noprop compare} for {@code spark-submit --class org.noprop.jobs.Compare}. */
public final class Compare {
    private Compare() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(CompareCommand.NAME, options);
    }
}

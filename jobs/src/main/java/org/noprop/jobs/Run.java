package org.noprop.jobs;

/** {@code noprop run} for {@code spark-submit --class org.noprop.jobs.Run}. */
public final class Run {
    private Run() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.RUN.before(options));
    }
}

package org.noprop.jobs;

/** {@code noprop plan} for {@code spark-submit --class org.noprop.jobs.Plan}. */
public final class Plan {
    private Plan() {}

    /** Runs the command with its options and ends the process with its exit code. */
    public static void main(String[] options) {
        NoProp.main(Command.PLAN.before(options));
    }
}

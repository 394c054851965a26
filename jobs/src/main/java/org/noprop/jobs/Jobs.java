package org.noprop.jobs;

/** The job behind each command. */
final class Jobs {
    private Jobs() {}

    /** The job of a command. */
    static Job of(Command command) {
        return switch (command) {
            case PREPROCESS -> Jobs::preprocess;
            case TRAIN_BLOCKS -> Jobs::trainBlocks;
            case TRAIN_BASELINE -> Jobs::trainBaseline;
            case EVALUATE -> Jobs::evaluate;
            case RUN -> Jobs::all;
        };
    }

    private static void preprocess(JobContext context) {
        throw new IllegalStateException("preprocess is not joined to the command line: " + context);
    }

    private static void trainBlocks(JobContext context) {
        throw new IllegalStateException("train-blocks is not joined to the command line: " + context);
    }

    private static void trainBaseline(JobContext context) {
        throw new IllegalStateException("train-baseline is not joined to the command line: " + context);
    }

    private static void evaluate(JobContext context) {
        throw new IllegalStateException("evaluate is not joined to the command line: " + context);
    }

    private static void all(JobContext context) {
        preprocess(context);
        trainBlocks(context);
        trainBaseline(context);
        evaluate(context);
    }
}

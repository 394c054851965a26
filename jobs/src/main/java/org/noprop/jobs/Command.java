package org.noprop.jobs;

import java.util.Locale;
import java.util.stream.Stream;

/** The commands that work on a configuration; {@link PredictCommand} and {@link CompareCommand} have none. */
enum Command {
    PREPROCESS("Turns images into Parquet image embeddings."),
    TRAIN_BLOCKS("Trains every block, and the head, each alone in a Spark task."),
    TRAIN_BASELINE("Trains the same blocks end to end by back-propagation."),
    EVALUATE("Assembles the blocks, measures the test accuracy and writes the report."),
    MEASURE("Measures the memory of training one block and the baseline, each in a process of its own."),
    PLAN("Measures training steps on one core and simulates the run on a cluster."),
    RUN("Runs preprocess, train-blocks, train-baseline and evaluate, one after the other, in one Spark session.");

    private final String description;

    Command(String description) {
        this.description = description;
    }

    /** One sentence for the help text. */
    String description() {
        return description;
    }

    /** The name on the command line, such as {@code train-blocks}. */
    String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The whole command line: this command's name and its options. */
    String[] before(String[] options) {
        return Stream.concat(Stream.of(commandName()), Stream.of(options)).toArray(String[]::new);
    }
}

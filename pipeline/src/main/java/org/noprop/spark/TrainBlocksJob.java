package org.noprop.spark;

import org.apache.spark.sql.SparkSession;
import org.noprop.config.EmbeddingConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/**
 * Trains the blocks of a run, each in a partition group of its own, and the head, in another, unless it is
 * trained in the blocks. The order of the groups says only which goes first where cores are few.
 */
public final class TrainBlocksJob {
    private final TrainingJob training;
    private final NoPropConfig config;
    private final RunFolder run;
    private final BlockParts parts;

    /** The job of a run. */
    public TrainBlocksJob(SparkSession session, NoPropConfig config, RunFolder run) {
        this(session, config, run, BlockParts.ALL);
    }

    /** The job of some of a run's blocks; others may train the others at the same time. */
    public TrainBlocksJob(SparkSession session, NoPropConfig config, RunFolder run, BlockParts parts) {
        this.training = new TrainingJob(session, config, run, "train-blocks");
        this.config = config;
        this.run = run;
        this.parts = parts;
    }

    /**
     * Refuses a network that does not fit the images of a published dataset, before there are image embeddings.
     *
     * @throws org.noprop.data.InvalidInputException in one sentence
     */
    public static void requireFit(NoPropConfig config) {
        if (config.embedding().kind() == EmbeddingConfig.Kind.PIXELS) {
            DatasetImages.of(config.data().kind())
                    .ifPresent(
                            images -> TrainingPlans.of(config, images, new float[images.classes() * images.width()]));
        }
    }

    /**
     * Trains what is missing.
     *
     * @param resume whether blocks may be there already; finished ones are kept, begun ones continued
     * @throws org.noprop.data.InvalidInputException if blocks are there and {@code resume} is false, or
     *     what is there is damaged or was trained otherwise
     * @throws GroupFailedException if groups failed, after all others have ended
     */
    public TrainingSummary run(boolean resume) {
        TrainingSummary summary = training.train(parts.subjects(config), resume);
        if (parts.areAll()) {
            summary.writeTo(run);
        } else {
            summary.writeTo(run, parts.artifacts(config, run));
        }
        return summary;
    }
}

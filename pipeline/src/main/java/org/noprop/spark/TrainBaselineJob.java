package org.noprop.spark;

import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/** Trains the baselines of a run end to end by back-propagation, each in a Spark task. */
public final class TrainBaselineJob {
    private final TrainingJob training;
    private final NoPropConfig config;
    private final RunFolder run;

    /** The job of a run. */
    public TrainBaselineJob(SparkSession session, NoPropConfig config, RunFolder run) {
        this.config = config;
        this.training = new TrainingJob(session, config, run, "train-baseline");
        this.run = run;
    }

    /**
     * Trains the baselines.
     *
     * @param resume whether one may be there already; a finished one is kept
     */
    public TrainingSummary run(boolean resume) {
        TrainingSummary summary = training.train(
                TrainingPlans.baselines(config).stream().map(Subject::baseline).toList(), resume);
        summary.writeTo(run);
        return summary;
    }
}

package org.noprop.spark;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/** Trains the baseline of a run, the same blocks end to end by back-propagation, in one Spark task. */
public final class TrainBaselineJob {
    private final TrainingJob training;
    private final RunFolder run;

    /** The job of a run. */
    public TrainBaselineJob(SparkSession session, NoPropConfig config, RunFolder run) {
        this.training = new TrainingJob(session, config, run, "train-baseline");
        this.run = run;
    }

    /**
     * Trains the baseline.
     *
     * @param resume whether a baseline may be there already; a finished one is kept
     */
    public TrainingSummary run(boolean resume) {
        TrainingSummary summary = training.train(List.of(Subject.baseline()), resume);
        summary.writeTo(run);
        return summary;
    }
}

package org.noprop.spark;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/** Trains the baseline of a run, the same blocks end to end by back-propagation, in one Spark task. */
public final class TrainBaselineJob {
    private final TrainingRound round;

    /** The job of a run. */
    public TrainBaselineJob(SparkSession session, NoPropConfig config, RunFolder run) {
        this.round = new TrainingRound(session, config, run, "train-baseline");
    }

    /**
     * Trains the baseline.
     *
     * @param resume whether a baseline may be there already; a finished one is kept
     */
    public TrainingSummary run(boolean resume) {
        return round.train(List.of(Subject.baseline()), resume);
    }
}

package org.noprop.spark;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.inference.RunModels;
import org.noprop.inference.TableRows;
import org.noprop.inference.TimeSettings;
import org.noprop.training.TrainingPlan;

/**
 * Measures, on an executor, how right the chain is on the validation split, without noise, with every block as it was
 * after an epoch.
 *
 * @param hadoop file system settings
 * @param runs folder of all runs
 * @param runId the run
 * @param plan how it was trained
 * @param batchSize images of a pass through a block
 * @param time how to go through continuous time
 * @param embeddings the rows
 * @param device what it computes on
 * @param epoch whose weights blocks have, or {@link #END}; a block that has ended before has its last
 */
record ChainAccuracyTask(
        SerializableConfiguration hadoop,
        String runs,
        String runId,
        TrainingPlan plan,
        int batchSize,
        TimeSettings time,
        Broadcast<ExecutorEmbeddings> embeddings,
        TaskDevice device,
        int epoch)
        implements Serializable {
    /** Blocks as they were when training ended. */
    static final int END = 0;

    /** In [0, 1]. */
    double run() {
        device.take();
        RunFolder run = RunFolder.open(hadoop.value(), runs, runId);
        EmbeddingRows rows = embeddings.value().rows(Split.VALIDATION);
        int[] predictions = RunModels.afterEpoch(run, epoch, plan.image(), plan.labels())
                .predictor(plan.method(), plan.headKind(), time)
                .predictWithoutNoise(new TableRows(rows, 0, rows.rows()), batchSize)
                .predictions();
        int right = 0;
        for (int row = 0; row < predictions.length; row++) {
            right += predictions[row] == rows.label(row) ? 1 : 0;
        }
        return right / (double) predictions.length;
    }
}

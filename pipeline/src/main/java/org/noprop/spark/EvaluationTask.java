package org.noprop.spark;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.BaselineKind;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.inference.BaselineModel;
import org.noprop.inference.ChainTrace;
import org.noprop.inference.ClassProbabilities;
import org.noprop.inference.ImageRows;
import org.noprop.inference.InferenceSettings;
import org.noprop.inference.Predictor;
import org.noprop.inference.RunModels;
import org.noprop.inference.TableRows;
import org.noprop.inference.TimeSettings;
import org.noprop.network.Baseline;
import org.noprop.training.TrainingPlan;

/**
 * Predicts a range of test rows on an executor: NoProp's chain, and the baselines that there are.
 *
 * @param hadoop file system settings
 * @param runs folder of all runs
 * @param runId the run
 * @param plan how it was trained
 * @param settings how to predict
 * @param time how to go through continuous time
 * @param split whose rows
 * @param embeddings the rows
 * @param device what it computes on
 * @param baselines which of them predict, too
 * @param first where the range starts
 * @param rows how many rows it has
 */
record EvaluationTask(
        SerializableConfiguration hadoop,
        String runs,
        String runId,
        TrainingPlan plan,
        InferenceSettings settings,
        TimeSettings time,
        Split split,
        Broadcast<ExecutorEmbeddings> embeddings,
        TaskDevice device,
        List<BaselineKind> baselines,
        int first,
        int rows)
        implements Serializable {

    /**
     * What was predicted.
     *
     * @param trace NoProp's chain
     * @param baselines the runs of each baseline
     */
    record Predicted(ChainTrace trace, SortedMap<BaselineKind, List<ClassProbabilities>> baselines)
            implements Serializable {}

    Predicted run() {
        device.take();
        RunModels models = new RunModels(RunFolder.open(hadoop.value(), runs, runId), plan.image(), plan.labels());
        ImageRows images = new TableRows(embeddings.value().rows(split), first, rows);
        Predictor noprop = models.predictor(plan.method(), plan.headKind(), time);
        ChainTrace trace = noprop.trace(images, settings);
        SortedMap<BaselineKind, List<ClassProbabilities>> runs = new TreeMap<>();
        baselines.forEach(kind -> runs.put(kind, baseline(kind, models, images)));
        return new Predicted(trace, runs);
    }

    private List<ClassProbabilities> baseline(BaselineKind kind, RunModels models, ImageRows images) {
        int blocks = plan.withBaseline(kind).baseline().blocks();
        try (Baseline network = models.baseline(kind, blocks)) {
            return new BaselineModel(network).runs(images, settings);
        }
    }
}

package org.noprop.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.Artifact;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MetricsJson;
import org.noprop.evaluation.ObjectiveTerms;
import org.noprop.evaluation.TrainingTimes;
import org.noprop.inference.ChainRun;
import org.noprop.inference.ClassProbabilities;
import org.noprop.training.ArtifactFigures;
import org.noprop.training.TrainingPlan;

/** Writes what an evaluation found: metrics.json, predictions as Parquet, the report. */
final class EvaluationWriter {
    private final SparkSession session;
    private final RunFolder run;
    private final TrainingPlan plan;

    EvaluationWriter(SparkSession session, RunFolder run, TrainingPlan plan) {
        this.session = session;
        this.run = run;
        this.plan = plan;
    }

    void write(EvaluationResult result, EvaluationTask.Predicted predicted, EmbeddingTable test) {
        writePredictions(predicted, test);
        run.writeText("evaluation/metrics.json", MetricsJson.of(result, objective(), times()));
    }

    private TrainingTimes times() {
        return new TrainingTimes(
                blocks().map(block -> seconds(block)).toList(),
                Optional.of(seconds(run.head())),
                Optional.of(run.baseline()).filter(Artifact::isFinished).map(EvaluationWriter::seconds));
    }

    private ObjectiveTerms objective() {
        return ObjectiveTerms.of(
                plan.schedule(),
                plan.labels(),
                plan.eta(),
                plan.snrWeightCap(),
                figure(run.head(), ArtifactFigures.CROSS_ENTROPY),
                blocks().map(block -> figure(block, ArtifactFigures.SQUARED_ERROR))
                        .toList());
    }

    private java.util.stream.Stream<Artifact> blocks() {
        return IntStream.rangeClosed(1, plan.blocks()).mapToObj(run::block);
    }

    private static double figure(Artifact artifact, String name) {
        return artifact.state().figures().getOrDefault(name, Double.NaN);
    }

    private static Duration seconds(Artifact artifact) {
        return Duration.ofMillis(Math.round(1000 * figure(artifact, ArtifactFigures.SECONDS)));
    }

    /** Columns: id, label, prediction (of the mean over runs), probability by class. */
    private void writePredictions(EvaluationTask.Predicted predicted, EmbeddingTable test) {
        ClassProbabilities mean = ClassProbabilities.mean(predicted.trace().noisyRuns().stream()
                .map(ChainRun::probabilities)
                .toList());
        int[] predictions = mean.predictions();
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < test.rows(); row++) {
            List<Float> probabilities = new ArrayList<>();
            for (int label = 0; label < mean.classes(); label++) {
                probabilities.add(mean.values()[row * mean.classes() + label]);
            }
            rows.add(RowFactory.create(test.id(row), test.label(row), predictions[row], probabilities));
        }
        StructType schema = new StructType()
                .add("id", DataTypes.LongType, false)
                .add("label", DataTypes.IntegerType, false)
                .add("prediction", DataTypes.IntegerType, false)
                .add("probability", DataTypes.createArrayType(DataTypes.FloatType, false), false);
        session.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(run.path() + "/evaluation/predictions");
    }
}

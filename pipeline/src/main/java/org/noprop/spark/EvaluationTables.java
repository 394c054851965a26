package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.Calibration;
import org.noprop.evaluation.ConfusionMatrix;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.Evidence;
import org.noprop.evaluation.ImagePath;
import org.noprop.inference.ChainRun;
import org.noprop.inference.ClassProbabilities;

/**
 * The figures of an evaluation as Parquet tables for notebooks, below {@code evaluation/}:
 *
 * <pre>
 * predictions   id long, label int, prediction int (of the mean over runs), probability array of float
 * accuracy      model string, step string, blocks int, run int, accuracy double
 *               model: noprop, noprop-averaged, noprop-without-noise, baseline, baseline-mlp; chain, with the step; block-alone,
 *               with the block's number as blocks; fewer-blocks, with their number; null where it says nothing
 * confusion     label int, prediction int, rows int; above 1,000 classes only those that occur
 * calibration   model string, from double, to double, rows int, confidence double, accuracy double
 * paths         id long, label int, prediction int, moment string, class int, distance float
 * </pre>
 */
final class EvaluationTables {
    private static final String FOLDER = "evaluation/";

    private final SparkSession session;
    private final RunFolder run;

    /** Tables of a run. */
    EvaluationTables(SparkSession session, RunFolder run) {
        this.session = session;
        this.run = run;
    }

    void write(EvaluationResult result, EvaluationTask.Predicted predicted, EmbeddingRows test) {
        predictions(predicted, test);
        accuracy(result);
        confusion(result.confusion());
        calibration(result);
        paths(result.evidence(), test);
    }

    private void predictions(EvaluationTask.Predicted predicted, EmbeddingRows test) {
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
        write(
                "predictions",
                rows,
                new StructType()
                        .add("id", DataTypes.LongType, false)
                        .add("label", DataTypes.IntegerType, false)
                        .add("prediction", DataTypes.IntegerType, false)
                        .add("probability", DataTypes.createArrayType(DataTypes.FloatType, false), false));
    }

    private void accuracy(EvaluationResult result) {
        List<Row> rows = new ArrayList<>();
        runs(rows, "noprop", null, null, result.noprop());
        runs(rows, "noprop-averaged", null, null, result.averaged());
        runs(rows, "noprop-without-noise", null, null, result.withoutNoise());
        result.baselines().forEach(baseline -> runs(rows, baseline.kind().folder(), null, null, baseline.accuracy()));
        for (int i = 0; i < result.steps().size(); i++) {
            runs(
                    rows,
                    "chain",
                    result.steps().get(i),
                    null,
                    result.chainByStep().get(i));
        }
        for (int i = 0; i < result.blocksAlone().size(); i++) {
            runs(rows, "block-alone", null, i + 1, result.blocksAlone().get(i));
        }
        result.evidence()
                .fewerBlocks()
                .forEach(used -> rows.add(RowFactory.create("fewer-blocks", null, used.blocks(), 0, used.accuracy())));
        write(
                "accuracy",
                rows,
                new StructType()
                        .add("model", DataTypes.StringType, false)
                        .add("step", DataTypes.StringType, true)
                        .add("blocks", DataTypes.IntegerType, true)
                        .add("run", DataTypes.IntegerType, false)
                        .add("accuracy", DataTypes.DoubleType, false));
    }

    private static void runs(List<Row> rows, String model, String step, Integer blocks, Accuracy accuracy) {
        for (int run = 0; run < accuracy.runs().size(); run++) {
            rows.add(RowFactory.create(model, step, blocks, run, accuracy.runs().get(run)));
        }
    }

    private void confusion(ConfusionMatrix confusion) {
        List<Row> rows = new ArrayList<>();
        for (int label = 0; label < confusion.classes(); label++) {
            for (int prediction = 0; prediction < confusion.classes(); prediction++) {
                int count = confusion.counts()[label][prediction];
                if (count > 0 || confusion.isWritable()) {
                    rows.add(RowFactory.create(label, prediction, count));
                }
            }
        }
        write(
                "confusion",
                rows,
                new StructType()
                        .add("label", DataTypes.IntegerType, false)
                        .add("prediction", DataTypes.IntegerType, false)
                        .add("rows", DataTypes.IntegerType, false));
    }

    private void calibration(EvaluationResult result) {
        List<Row> rows = new ArrayList<>();
        bins(rows, "noprop-averaged", result.evidence().calibration());
        result.baselines().forEach(baseline -> bins(rows, baseline.kind().folder(), baseline.calibration()));
        write(
                "calibration",
                rows,
                new StructType()
                        .add("model", DataTypes.StringType, false)
                        .add("from", DataTypes.DoubleType, false)
                        .add("to", DataTypes.DoubleType, false)
                        .add("rows", DataTypes.IntegerType, false)
                        .add("confidence", DataTypes.DoubleType, false)
                        .add("accuracy", DataTypes.DoubleType, false));
    }

    private static void bins(List<Row> rows, String model, Calibration calibration) {
        calibration
                .bins()
                .forEach(bin -> rows.add(
                        RowFactory.create(model, bin.from(), bin.to(), bin.rows(), bin.confidence(), bin.accuracy())));
    }

    private void paths(Evidence evidence, EmbeddingRows test) {
        List<Row> rows = new ArrayList<>();
        for (ImagePath path : evidence.paths()) {
            for (int moment = 0; moment < path.distances().size(); moment++) {
                float[] distances = path.distances().get(moment);
                for (int label = 0; label < distances.length; label++) {
                    rows.add(RowFactory.create(
                            test.id(path.row()),
                            path.label(),
                            path.prediction(),
                            evidence.moments().get(moment),
                            label,
                            distances[label]));
                }
            }
        }
        write(
                "paths",
                rows,
                new StructType()
                        .add("id", DataTypes.LongType, false)
                        .add("label", DataTypes.IntegerType, false)
                        .add("prediction", DataTypes.IntegerType, false)
                        .add("moment", DataTypes.StringType, false)
                        .add("class", DataTypes.IntegerType, false)
                        .add("distance", DataTypes.FloatType, false));
    }

    private void write(String name, List<Row> rows, StructType schema) {
        run.requireTableOrNothing(FOLDER + name);
        String folder = run.path() + "/" + FOLDER + name;
        JobRetry.of(session.sparkContext(), "Writing " + folder, () -> {
            session.createDataFrame(rows, schema)
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(folder);
            return folder;
        });
    }
}

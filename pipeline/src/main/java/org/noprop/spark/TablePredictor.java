package org.noprop.spark;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ModelContent;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.ModelFolder;
import org.noprop.inference.VectorRows;

/** Predicts the rows of a table by a model that the driver holds and sends to tasks. */
final class TablePredictor {
    /** The column of probabilities, an array of float. */
    static final String PROBABILITY = "noprop_probability";

    private static final List<String> DROPPED = List.of("noprop_prediction", "noprop_agreement", "noprop_error");

    private final ModelContent content;
    private final ModelFolder folder;

    private TablePredictor(ModelContent content, ModelFolder folder) {
        this.content = content;
        this.folder = folder;
    }

    static TablePredictor of(ModelContent content) {
        return new TablePredictor(content, ModelFolder.of(content));
    }

    /** m. */
    int classes() {
        return folder.description().classNames().size();
    }

    /** Components of an image embedding. */
    int width() {
        return folder.description().width();
    }

    /**
     * The rows with the probability of each class. Noise is drawn for a hash of the embedding.
     *
     * @param embedding array of float
     * @param runs noisy runs, or 0 for one without noise
     */
    Dataset<Row> predict(Dataset<Row> rows, Column embedding, int runs) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
        ModelAccess access = new ModelAccess.Sent(context.broadcast(content));
        StructType schema = rows.schema()
                .add(DROPPED.get(0), DataTypes.IntegerType, true)
                .add(PROBABILITY, DataTypes.createArrayType(DataTypes.FloatType, false), true)
                .add(DROPPED.get(1), DataTypes.FloatType, true)
                .add(DROPPED.get(2), DataTypes.StringType, true);
        return rows.select(
                        functions.col("*"),
                        functions.lit(null).cast("long").as(InputTable.ID),
                        embedding.as(InputTable.PAYLOAD))
                .mapPartitions(new PredictTask(access, PredictTask.Input.FEATURES, runs), Encoders.row(schema))
                .drop(DROPPED.toArray(String[]::new));
    }

    /** The probabilities of one row, as {@link #predict} has them. */
    float[] predictOne(float[] embedding, int runs) {
        if (embedding.length != width()) {
            throw new InvalidInputException(
                    "There are " + embedding.length + " features where the model takes " + width());
        }
        long id = PayloadHash.of(embedding);
        try (LoadedModel model = folder.open()) {
            return model.predict(new VectorRows(new long[] {id}, new float[][] {embedding}), runs)
                    .row(0);
        }
    }
}

package org.noprop.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.DamagedImageException;
import org.noprop.data.InvalidInputException;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.ModelFolder;
import org.noprop.inference.Predictions;
import org.noprop.inference.VectorRows;
import scala.collection.mutable.WrappedArray;

/**
 * A model as a SQL function of an id and an image embedding. It predicts one row at a time; for many rows {@link
 * PredictJob} is several times faster.
 */
public final class PredictFunction implements UDF2<Number, Object, Row> {
    private static final StructType RESULT = new StructType()
            .add("prediction", DataTypes.IntegerType, false)
            .add("probability", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("agreement", DataTypes.FloatType, false);

    private final ModelAccess.Stored access;
    private final int width;
    /** Of the task that this copy of the function serves. */
    private transient LoadedModel model;

    private PredictFunction(ModelAccess.Stored access, int width) {
        this.access = access;
        this.width = width;
    }

    /**
     * Registers a model in a session: {@code SELECT name(id, embedding).prediction FROM …}. The result is a struct of
     * {@code prediction}, {@code probability} and {@code agreement}, null where the embedding is null.
     *
     * @param name of the function
     * @param folder of the model
     * @throws InvalidInputException if there is no model
     */
    public static void register(SparkSession session, String name, String folder) {
        ModelAccess.Stored access = ModelAccess.of(session.sparkContext().hadoopConfiguration(), folder);
        ModelFolder model = access.folder();
        session.udf()
                .register(name, new PredictFunction(access, model.description().width()), RESULT);
    }

    /**
     * Predicts a row.
     *
     * @param id what the row's noise is drawn for
     * @param embedding a list of as many numbers as the model takes
     */
    @Override
    public Row call(Number id, Object embedding) {
        if (id == null || embedding == null) {
            return null;
        }
        if (TaskContext.get() == null) {
            // Spark's optimiser computes what depends on no table in the driver.
            try (LoadedModel once = access.open()) {
                return predict(once, id.longValue(), embedding);
            }
        }
        if (model == null) {
            model = access.open();
        }
        return predict(model, id.longValue(), embedding);
    }

    private Row predict(LoadedModel by, long id, Object embedding) {
        try {
            float[][] rows = {EmbeddingValues.of(embedding, width)};
            Predictions predictions = by.predict(new VectorRows(new long[] {id}, rows));
            return RowFactory.create(
                    predictions.classes()[0],
                    WrappedArray.make(predictions.row(0)),
                    predictions.agreement()[0]);
        } catch (DamagedImageException e) {
            throw new InvalidInputException(
                    "The model in " + access.path() + " cannot predict row " + id + ": " + e.getMessage(), e);
        }
    }
}

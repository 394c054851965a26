package org.noprop.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.noprop.data.DamagedImageException;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.Predictions;
import org.noprop.inference.VectorRows;
import scala.collection.mutable.WrappedArray;

/**
 * The rows of a partition with what a model says of them, some at a time as they are asked for. Behind the row's own
 * columns, the last two of {@link InputTable} left out, stand prediction, probability, agreement and error; either
 * the error is null or the others are.
 */
final class PredictedRows implements Iterator<Row> {
    private static final int OWN = 2;
    private static final int ADDED = 4;

    private final Iterator<Row> rows;
    private final Payloads payloads;
    private final LoadedModel model;
    private final int runs;
    private final int batch;
    private final Queue<Row> ready = new ArrayDeque<>();

    /**
     * The rows of these.
     *
     * @param runs noisy runs, or 0 for one without noise
     * @param batch rows to hold at a time, at least 1
     */
    PredictedRows(Iterator<Row> rows, Payloads payloads, LoadedModel model, int runs, int batch) {
        this.rows = rows;
        this.payloads = payloads;
        this.model = model;
        this.runs = runs;
        this.batch = batch;
    }

    /** Turns payloads into image embeddings. */
    interface Payloads {
        /**
         * The image embedding of a payload, or for an image what {@link #finish} makes it from.
         *
         * @throws DamagedImageException if it is none
         */
        Object check(Object payload) throws DamagedImageException;

        /** What the noise of a row without an id is drawn for: a hash of what was checked. */
        long id(Object checked);

        /** The image embeddings of some that were checked. */
        List<float[]> finish(List<Object> checked);
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
        if (ready.isEmpty()) {
            predict();
        }
        return ready.remove();
    }

    private void predict() {
        List<Row> taken = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        List<Object> checked = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        while (taken.size() < batch && rows.hasNext()) {
            Row row = rows.next();
            taken.add(row);
            try {
                checked.add(payloads.check(row.get(row.size() - 1)));
                ids.add(
                        row.isNullAt(row.size() - OWN)
                                ? payloads.id(checked.get(checked.size() - 1))
                                : row.getLong(row.size() - OWN));
                errors.add(null);
            } catch (DamagedImageException e) {
                errors.add(e.getMessage());
            }
        }
        Predictions predictions = checked.isEmpty() ? null : predict(ids, payloads.finish(checked));
        int[] classes = checked.isEmpty() ? new int[0] : predictions.classes();
        int good = 0;
        for (int i = 0; i < taken.size(); i++) {
            if (errors.get(i) != null) {
                ready.add(damaged(taken.get(i), errors.get(i)));
            } else {
                ready.add(predicted(taken.get(i), classes[good], predictions, good));
                good++;
            }
        }
    }

    private Predictions predict(List<Long> ids, List<float[]> embeddings) {
        long[] keys = ids.stream().mapToLong(Long::longValue).toArray();
        return model.predict(new VectorRows(keys, embeddings.toArray(float[][]::new)), runs);
    }

    private static Row predicted(Row row, int prediction, Predictions predictions, int index) {
        Object[] values = kept(row);
        int first = values.length - ADDED;
        values[first] = prediction;
        values[first + 1] = WrappedArray.make(predictions.row(index));
        values[first + 2] = predictions.agreement()[index];
        return RowFactory.create(values);
    }

    private static Row damaged(Row row, String error) {
        Object[] values = kept(row);
        values[values.length - 1] = error;
        return RowFactory.create(values);
    }

    /** The row's own columns, with room for what is added. */
    private static Object[] kept(Row row) {
        Object[] values = new Object[row.size() - OWN + ADDED];
        for (int i = 0; i < row.size() - OWN; i++) {
            values[i] = row.get(i);
        }
        return values;
    }
}

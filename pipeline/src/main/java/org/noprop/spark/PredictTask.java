package org.noprop.spark;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.noprop.data.DamagedImageException;
import org.noprop.data.ImageDecoder;
import org.noprop.data.InvalidInputException;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.inference.ModelFolder;

/**
 * Predicts the rows of a partition on an executor.
 *
 * @param access the model
 * @param input what payloads are
 * @param runs noisy runs, or 0 for one without noise
 */
record PredictTask(ModelAccess access, Input input, int runs) implements MapPartitionsFunction<Row, Row> {
    /** Floats of image embeddings that a task holds at a time: 16 MB. */
    private static final int HELD = 1 << 22;

    /** What is predicted. */
    enum Input {
        /** Lists of numbers; one that cannot be used is a damaged row. */
        EMBEDDINGS,
        /** Lists of numbers; one that cannot be used ends the job. */
        FEATURES,
        /** Image files of the size that the model takes. */
        IMAGES,
        /** Image files of any size. */
        IMAGES_TO_RESIZE
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        ModelFolder folder = access.folder();
        int width = folder.description().width();
        PredictedRows.Payloads payloads = payloads(folder, width);
        int batch = Math.max(1, Math.min(folder.settings().inference().batchSize(), HELD / width));
        return new PredictedRows(rows, payloads, access.open(), runs, batch);
    }

    private PredictedRows.Payloads payloads(ModelFolder folder, int width) {
        return switch (input) {
            case EMBEDDINGS -> new Embeddings(width);
            case FEATURES -> new Features(new Embeddings(width), new AtomicLong());
            case IMAGES -> images(folder, false);
            case IMAGES_TO_RESIZE -> images(folder, true);
        };
    }

    private static PredictedRows.Payloads images(ModelFolder folder, boolean resize) {
        ImageEmbedder embedder = ModelAccess.embedder(folder);
        ImageEmbedder.Session session = embedder.open();
        ModelAccess.closeWithTask(session::close);
        return new Images(new ImageDecoder(embedder.images(), resize), session);
    }

    private record Images(ImageDecoder decoder, ImageEmbedder.Session session) implements PredictedRows.Payloads {
        @Override
        public Object check(Object payload) throws DamagedImageException {
            if (payload == null) {
                throw new DamagedImageException("there are no bytes");
            }
            return decoder.decode((byte[]) payload);
        }

        @Override
        public long id(Object checked) {
            return PayloadHash.of((byte[]) checked);
        }

        @Override
        public List<float[]> finish(List<Object> checked) {
            return session.embed(checked.stream().map(byte[].class::cast).toList());
        }
    }

    /** Counts the rows of the partition, by which messages name them. */
    private record Features(Embeddings embeddings, AtomicLong row) implements PredictedRows.Payloads {
        @Override
        public Object check(Object payload) {
            long number = row.getAndIncrement();
            try {
                return embeddings.check(payload);
            } catch (DamagedImageException e) {
                throw new InvalidInputException(
                        "Row " + number + " of partition " + TaskContext.getPartitionId()
                                + " of the table cannot be predicted: " + e.getMessage(),
                        e);
            }
        }

        @Override
        public long id(Object checked) {
            return embeddings.id(checked);
        }

        @Override
        public List<float[]> finish(List<Object> checked) {
            return embeddings.finish(checked);
        }
    }

    record Embeddings(int width) implements PredictedRows.Payloads {
        @Override
        public Object check(Object payload) throws DamagedImageException {
            return EmbeddingValues.of(payload, width);
        }

        @Override
        public long id(Object checked) {
            return PayloadHash.of((float[]) checked);
        }

        @Override
        public List<float[]> finish(List<Object> checked) {
            return checked.stream().map(float[].class::cast).toList();
        }
    }
}

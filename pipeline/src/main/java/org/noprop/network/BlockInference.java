package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The inference of a block in discrete time, a chunk of rows at a time: memory does not grow beyond. */
final class BlockInference implements AutoCloseable {
    /** Rows at once. */
    static final int CHUNK = 256;

    private final BlockUnits units;
    private final BatchInput images;
    private final BatchInput features;
    private final BatchInput noisedLabels;
    private final NetworkShape shape;

    /** The inference of a block of this shape. */
    BlockInference(BlockUnits units, NetworkShape shape) {
        this.units = units;
        this.shape = shape;
        this.features = new BatchInput(units.featureWidth());
        this.images = new BatchInput(shape.imageWidth());
        this.noisedLabels = new BatchInput(shape.labelWidth());
    }

    /** The native copy of a batch's images. */
    BatchInput images() {
        return images;
    }

    /** The native copy of a batch's z. */
    BatchInput noisedLabels() {
        return noisedLabels;
    }

    int featureWidth() {
        return units.featureWidth();
    }

    /** As {@link ImageNetwork#encodeImages}. */
    void encodeImages(int rows, float[] x, float[] encoded) {
        for (int first = 0; first < rows; first += CHUNK) {
            int count = Math.min(CHUNK, rows - first);
            BatchInput.copyOut(units.encode(images.copy(x, first, count)), encoded, first);
        }
    }

    /** As {@link Denoiser#denoise}. */
    void denoise(int rows, float[] encoded, float[] z, float[] output, float[] probabilities) {
        for (int first = 0; first < rows; first += CHUNK) {
            int count = Math.min(CHUNK, rows - first);
            INDArray estimate = units.denoise(features.copy(encoded, first, count), noisedLabels.copy(z, first, count));
            BatchInput.copyOut(estimate, output, first);
            if (probabilities != null) {
                Batches.copyOut(units.probabilities(), probabilities, first * shape.classes());
            }
        }
    }

    long bytes() {
        return images.bytes() + features.bytes() + noisedLabels.bytes();
    }

    @Override
    public void close() {
        images.close();
        features.close();
        noisedLabels.close();
    }
}

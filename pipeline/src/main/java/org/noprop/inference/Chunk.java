package org.noprop.inference;

import org.noprop.network.Denoiser;

/** Some consecutive rows on their way through one block, and the arrays that they use there. */
final class Chunk {
    private final ImageRows images;
    private final Denoiser block;
    private final int labelWidth;
    private final float[] imageEmbeddings;
    private final float[] features;
    private final float[] z;
    private final float[] output;
    private final float[] probabilities;
    private final float[] noise;
    private int first;
    private int rows;

    Chunk(ImageRows images, Denoiser block, int batchSize) {
        int most = Math.min(batchSize, images.rows());
        this.images = images;
        this.block = block;
        this.labelWidth = block.shape().labelWidth();
        this.imageEmbeddings = new float[most * images.width()];
        this.features = new float[most * block.featureWidth()];
        this.z = new float[most * labelWidth];
        this.output = new float[most * labelWidth];
        this.probabilities = new float[most * block.shape().classes()];
        this.noise = new float[most * labelWidth];
    }

    /** Moves to rows first … end-1 and computes the block's image part for them. */
    void move(int first, int end) {
        this.first = first;
        this.rows = end - first;
        for (int row = 0; row < rows; row++) {
            images.copyRow(first + row, imageEmbeddings, row * images.width());
        }
        block.encodeImages(rows, imageEmbeddings, features);
    }

    /** Computes û and the class probabilities from the rows' z, which are taken from those of all rows. */
    void denoise(float[] allZ) {
        System.arraycopy(allZ, first * labelWidth, z, 0, rows * labelWidth);
        block.denoise(rows, features, z, output, probabilities);
    }

    int first() {
        return first;
    }

    int rows() {
        return rows;
    }

    long id(int row) {
        return images.id(first + row);
    }

    float[] z() {
        return z;
    }

    float[] output() {
        return output;
    }

    float[] probabilities() {
        return probabilities;
    }

    float[] noise() {
        return noise;
    }
}

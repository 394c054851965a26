package org.noprop.inference;

import org.noprop.network.ImageNetwork;

/** Some consecutive rows on their way through one block, and the arrays that they use there. */
abstract class Chunk {
    private final ImageRows images;
    private final ImageNetwork block;
    private final int labelWidth;
    private final float[] imageEmbeddings;
    private final float[] features;
    private final float[] z;
    private final float[] output;
    private final float[] probabilities;
    private final float[] noise;
    private int first;
    private int rows;

    Chunk(ImageRows images, ImageNetwork block, int batchSize) {
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

    /** Moves to rows first … end-1 and computes the block's image part for them, once for all that follows. */
    final void move(int newFirst, int end) {
        first = newFirst;
        rows = end - newFirst;
        for (int row = 0; row < rows; row++) {
            images.copyRow(first + row, imageEmbeddings, row * images.width());
        }
        block.encodeImages(rows, imageEmbeddings, features);
    }

    /** Takes the rows' z from those of all rows. */
    final void take(float[] allZ) {
        System.arraycopy(allZ, first * labelWidth, z, 0, values());
    }

    /** Puts the rows' z back among those of all rows. */
    final void give(float[] allZ) {
        System.arraycopy(z, 0, allZ, first * labelWidth, values());
    }

    final int first() {
        return first;
    }

    final int rows() {
        return rows;
    }

    /** Values of the rows' z. */
    final int values() {
        return rows * labelWidth;
    }

    final long id(int row) {
        return images.id(first + row);
    }

    final float[] features() {
        return features;
    }

    final float[] z() {
        return z;
    }

    final float[] output() {
        return output;
    }

    final float[] probabilities() {
        return probabilities;
    }

    final float[] noise() {
        return noise;
    }
}

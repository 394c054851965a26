package org.noprop.inference;

import org.noprop.diffusion.TimeSampler;
import org.noprop.network.Denoiser;

/** Some consecutive rows on their way through one block, and the arrays that they use there. */
final class Chunk implements TimeSampler.Estimator {
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
    private boolean probabilitiesWanted;

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

    /** Moves to rows first … end-1 and computes the block's image part for them, once for all that follows. */
    void move(int newFirst, int end) {
        first = newFirst;
        rows = end - newFirst;
        for (int row = 0; row < rows; row++) {
            images.copyRow(first + row, imageEmbeddings, row * images.width());
        }
        block.encodeImages(rows, imageEmbeddings, features);
    }

    /** Has the next estimate leave its probabilities behind. */
    void wantProbabilities() {
        probabilitiesWanted = true;
    }

    @Override
    public void estimate(double time, float[] at, float[] estimated) {
        block.estimate(rows, features, at, time, estimated, probabilitiesWanted ? probabilities : null);
        probabilitiesWanted = false;
    }

    /** The estimate at the rows' own z, into {@link #output}, with its probabilities. */
    void look(double time) {
        wantProbabilities();
        estimate(time, z, output);
    }

    /** Takes the rows' z from those of all rows. */
    void take(float[] allZ) {
        System.arraycopy(allZ, first * labelWidth, z, 0, values());
    }

    /** Puts the rows' z back among those of all rows. */
    void give(float[] allZ) {
        System.arraycopy(z, 0, allZ, first * labelWidth, values());
    }

    int first() {
        return first;
    }

    int rows() {
        return rows;
    }

    /** Values of the rows' z. */
    int values() {
        return rows * labelWidth;
    }

    long id(int row) {
        return images.id(first + row);
    }

    float[] features() {
        return features;
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

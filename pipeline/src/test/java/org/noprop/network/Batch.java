package org.noprop.network;

import java.util.SplittableRandom;

/** Random batches that a network can learn: the class is where the first few image components are largest. */
final class Batch {
    private Batch() {}

    static BlockBatch block(long seed, int rows, int imageWidth, int classes) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] images = uniform(random, rows * imageWidth);
        return new BlockBatch(rows, images, uniform(random, rows * classes), labels(images, rows, imageWidth, classes));
    }

    static BaselineBatch baseline(long seed, int rows, int imageWidth, int classes) {
        BlockBatch batch = block(seed, rows, imageWidth, classes);
        return new BaselineBatch(rows, batch.images(), batch.noisedLabels(), batch.labels());
    }

    static float[] normal(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] uniform(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return values;
    }

    private static int[] labels(float[] images, int rows, int imageWidth, int classes) {
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (int k = 1; k < classes; k++) {
                if (images[row * imageWidth + k] > images[row * imageWidth + labels[row]]) {
                    labels[row] = k;
                }
            }
        }
        return labels;
    }
}

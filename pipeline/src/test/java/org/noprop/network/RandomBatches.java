package org.noprop.network;

import java.util.SplittableRandom;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;

/** Random batches that a network can learn, whose class is where the first few image components are largest. */
final class RandomBatches {
    private RandomBatches() {}

    /** A batch with noise for label embeddings of {@code labelWidth} components, times, and no seeds for dropout. */
    static Batch of(long seed, int rows, int imageWidth, int classes, int labelWidth) {
        return of(seed, rows, imageWidth, classes, labelWidth, new long[0]);
    }

    static Batch of(long seed, int rows, int imageWidth, int classes, int labelWidth, long[] dropoutSeeds) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] images = uniform(random, rows * imageWidth);
        return new Batch(
                rows,
                images,
                labels(images, rows, imageWidth, classes),
                random.doubles(rows).toArray(),
                doubles(normal(random, rows * labelWidth)),
                doubles(normal(random, rows * labelWidth)),
                dropoutSeeds);
    }

    /** A block whose steps come with an optimiser, of a linear head where it has one. */
    static Block block(
            Method method, int number, ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long seed) {
        return Block.create(method, number, image, labels, new HeadSettings.Linear(), optimiser, seed);
    }

    /** The share of rows whose largest value, of {@code classes} each, is that of their class. */
    static double accuracy(float[] values, Batch batch, int classes) {
        int right = 0;
        for (int row = 0; row < batch.rows(); row++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                best = values[row * classes + k] > values[row * classes + best] ? k : best;
            }
            right += best == batch.labels()[row] ? 1 : 0;
        }
        return right / (double) batch.rows();
    }

    static float[] normal(SplittableRandom random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static double[] doubles(float[] values) {
        double[] converted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            converted[i] = values[i];
        }
        return converted;
    }

    static float[] floats(double[] values) {
        float[] converted = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            converted[i] = (float) values[i];
        }
        return converted;
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

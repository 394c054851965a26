package org.noprop.embedding;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.noprop.tensor.FloatMatrix;
import org.noprop.tensor.Product;

/**
 * Chooses the atoms of a dictionary from whitened patches of length 1: some of them at random, or the means of
 * spherical k-means that starts from those.
 */
final class Atoms {
    private static final int BATCH = 1024;

    private Atoms() {}

    /**
     * Different patches, drawn at random.
     *
     * @param patches row-major
     * @param length of a patch
     * @param count at most the patches
     */
    static float[] random(float[] patches, int length, int count, long seed) {
        int[] order = new int[patches.length / length];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        float[] atoms = new float[count * length];
        for (int i = 0; i < count; i++) {
            int drawn = i + random.nextInt(order.length - i);
            int patch = order[drawn];
            order[drawn] = order[i];
            System.arraycopy(patches, patch * length, atoms, i * length, length);
        }
        return atoms;
    }

    /**
     * Spherical k-means: each patch belongs to the atom of the largest x·d, each atom becomes the mean of its
     * patches, scaled to length 1; an atom without patches stays what it is.
     *
     * @param start the atoms that it starts from
     * @param rounds at least 0
     */
    static float[] kMeans(float[] patches, int length, float[] start, int rounds) {
        float[] atoms = start.clone();
        int count = atoms.length / length;
        int total = patches.length / length;
        try (FloatMatrix input = FloatMatrix.of(BATCH, length);
                FloatMatrix directions = FloatMatrix.of(count, length);
                FloatMatrix output = FloatMatrix.of(BATCH, count)) {
            Product product = Product.inputGradient();
            float[] batch = new float[BATCH * length];
            float[] responses = new float[count];
            for (int round = 0; round < rounds; round++) {
                directions.write(0, atoms, atoms.length);
                double[] sums = new double[atoms.length];
                for (int first = 0; first < total; first += BATCH) {
                    int size = Math.min(BATCH, total - first);
                    System.arraycopy(patches, first * length, batch, 0, size * length);
                    input.write(0, batch, batch.length);
                    product.multiply(input, directions, output);
                    for (int i = 0; i < size; i++) {
                        output.read((long) i * count, responses, count);
                        add(batch, i * length, length, sums, largest(responses) * length);
                    }
                }
                replace(atoms, length, sums);
            }
        }
        return atoms;
    }

    private static int largest(float[] responses) {
        int best = 0;
        for (int i = 1; i < responses.length; i++) {
            if (responses[i] > responses[best]) {
                best = i;
            }
        }
        return best;
    }

    private static void add(float[] patch, int from, int length, double[] sums, int to) {
        for (int i = 0; i < length; i++) {
            sums[to + i] += patch[from + i];
        }
    }

    private static void replace(float[] atoms, int length, double[] sums) {
        for (int from = 0; from < atoms.length; from += length) {
            double squares = 0;
            for (int i = from; i < from + length; i++) {
                squares += sums[i] * sums[i];
            }
            if (squares > 0) {
                for (int i = from; i < from + length; i++) {
                    atoms[i] = (float) (sums[i] / Math.sqrt(squares));
                }
            }
        }
    }
}

package org.noprop.inference;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Images of a toy world in which everything is known: class y is N(prototype_y, deviation² I), each
 * prototype a corner of the unit simplex, so that images have as many components as there are classes.
 */
final class GaussianImages implements ImageRows {
    private final int classes;
    private final float[] values;
    private final long[] ids;
    private final int[] labels;

    private GaussianImages(int rows, int classes) {
        this.classes = classes;
        this.values = new float[rows * classes];
        this.ids = new long[rows];
        this.labels = new int[rows];
    }

    /** Images of the classes in turn. */
    static GaussianImages of(int rows, int classes, double deviation, long seed) {
        GaussianImages images = noise(rows, classes, deviation, seed);
        for (int row = 0; row < rows; row++) {
            images.values[row * classes + images.labels[row]] += 1;
        }
        return images;
    }

    /** Images of pure noise, with labels that mean nothing. */
    static GaussianImages noise(int rows, int classes, double deviation, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GaussianImages images = new GaussianImages(rows, classes);
        for (int row = 0; row < rows; row++) {
            images.ids[row] = 1000L + row;
            images.labels[row] = row % classes;
            for (int i = 0; i < classes; i++) {
                images.values[row * classes + i] = (float) (deviation * random.nextGaussian());
            }
        }
        return images;
    }

    /** These rows alone, with their ids. */
    GaussianImages part(int first, int end) {
        GaussianImages part = new GaussianImages(end - first, classes);
        System.arraycopy(values, first * classes, part.values, 0, part.values.length);
        System.arraycopy(ids, first, part.ids, 0, part.ids.length);
        System.arraycopy(labels, first, part.labels, 0, part.labels.length);
        return part;
    }

    /** The same images under other ids. */
    GaussianImages renumbered() {
        GaussianImages renumbered = part(0, ids.length);
        Arrays.setAll(renumbered.ids, row -> -5 - ids[row]);
        return renumbered;
    }

    /** The same images with classes renamed: class y becomes permutation[y], in images as in labels. */
    GaussianImages permuted(int[] permutation) {
        GaussianImages permuted = new GaussianImages(ids.length, classes);
        for (int row = 0; row < ids.length; row++) {
            permuted.ids[row] = ids[row];
            permuted.labels[row] = permutation[labels[row]];
            for (int i = 0; i < classes; i++) {
                permuted.values[row * classes + permutation[i]] = values[row * classes + i];
            }
        }
        return permuted;
    }

    int[] labels() {
        return labels;
    }

    /** The class of the nearest prototype, by Bayes' rule the best prediction there is: that of the largest component. */
    int[] nearestPrototypes() {
        return new ClassProbabilities(ids.length, classes, values).predictions();
    }

    /** The share of the labels that predictions agree with. */
    double agreement(int[] predictions) {
        return agreement(predictions, labels);
    }

    /** The share of labels that predictions agree with. */
    static double agreement(int[] predictions, int[] labels) {
        return IntStream.range(0, labels.length)
                        .filter(row -> predictions[row] == labels[row])
                        .count()
                / (double) labels.length;
    }

    @Override
    public int rows() {
        return ids.length;
    }

    @Override
    public int width() {
        return classes;
    }

    @Override
    public long id(int row) {
        return ids[row];
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        System.arraycopy(values, row * classes, into, offset, classes);
    }
}

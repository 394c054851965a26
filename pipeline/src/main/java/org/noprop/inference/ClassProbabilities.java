package org.noprop.inference;

import java.io.Serializable;
import java.util.List;

/**
 * What a model says about each row.
 *
 * @param rows n
 * @param classes m
 * @param values n × m, row-major, each row's sum 1; not copied, whoever makes one hands the array over
 */
public record ClassProbabilities(int rows, int classes, float[] values) implements Serializable {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if there are not n × m values
     */
    public ClassProbabilities {
        if (values.length != rows * classes) {
            throw new IllegalArgumentException("Probabilities of " + rows + " rows and " + classes + " classes need "
                    + rows * classes + " values, got " + values.length);
        }
    }

    /** The most probable class of each row; the lowest of them where several are. */
    public int[] predictions() {
        int[] predictions = new int[rows];
        mostProbable(values, rows, classes, predictions, 0);
        return predictions;
    }

    /**
     * The mean over runs, row by row and class by class.
     *
     * @param runs at least one, all of the same size
     */
    public static ClassProbabilities mean(List<ClassProbabilities> runs) {
        ClassProbabilities first = runs.get(0);
        float[] mean = new float[first.values.length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (ClassProbabilities run : runs) {
                sum += run.values[i];
            }
            mean[i] = (float) (sum / runs.size());
        }
        return new ClassProbabilities(first.rows, first.classes, mean);
    }

    /**
     * The rows of all parts, one part after the other.
     *
     * @param parts at least one, all of the same classes
     */
    public static ClassProbabilities join(List<ClassProbabilities> parts) {
        int classes = parts.get(0).classes;
        int rows = parts.stream().mapToInt(ClassProbabilities::rows).sum();
        float[] values = new float[rows * classes];
        int offset = 0;
        for (ClassProbabilities part : parts) {
            System.arraycopy(part.values, 0, values, offset, part.values.length);
            offset += part.values.length;
        }
        return new ClassProbabilities(rows, classes, values);
    }

    /** Writes the most probable class of the first {@code rows} rows from {@code offset} on. */
    static void mostProbable(float[] probabilities, int rows, int classes, int[] into, int offset) {
        for (int row = 0; row < rows; row++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                if (probabilities[row * classes + k] > probabilities[row * classes + best]) {
                    best = k;
                }
            }
            into[offset + row] = best;
        }
    }
}

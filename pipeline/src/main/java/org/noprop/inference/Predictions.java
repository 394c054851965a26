package org.noprop.inference;

import java.util.Arrays;
import java.util.List;

/**
 * What a model says about rows after all of its runs.
 *
 * @param probabilities the mean over the runs
 * @param agreement for each row the share of the runs whose most probable class is that of the mean
 */
public record Predictions(ClassProbabilities probabilities, float[] agreement) {
    /** Of at least one run. */
    static Predictions of(List<ClassProbabilities> runs) {
        ClassProbabilities mean = ClassProbabilities.mean(runs);
        int[] predictions = mean.predictions();
        int[] agreeing = new int[mean.rows()];
        for (ClassProbabilities run : runs) {
            int[] own = run.predictions();
            for (int row = 0; row < own.length; row++) {
                agreeing[row] += own[row] == predictions[row] ? 1 : 0;
            }
        }
        float[] agreement = new float[mean.rows()];
        for (int row = 0; row < agreement.length; row++) {
            agreement[row] = (float) agreeing[row] / runs.size();
        }
        return new Predictions(mean, agreement);
    }

    /** Of a run without noise, which could not have come out otherwise. */
    static Predictions certain(ClassProbabilities probabilities) {
        float[] agreement = new float[probabilities.rows()];
        Arrays.fill(agreement, 1);
        return new Predictions(probabilities, agreement);
    }

    /** Those of the first rows. */
    Predictions first(int rows) {
        int classes = probabilities.classes();
        return new Predictions(
                new ClassProbabilities(rows, classes, Arrays.copyOf(probabilities.values(), rows * classes)),
                Arrays.copyOf(agreement, rows));
    }

    /** The class of each row. */
    public int[] classes() {
        return probabilities.predictions();
    }

    /** A row's probability of each class, copied out. */
    public float[] row(int row) {
        int classes = probabilities.classes();
        return Arrays.copyOfRange(probabilities.values(), row * classes, (row + 1) * classes);
    }
}

package org.noprop.embedding;

import java.io.Serializable;

/**
 * How the features of an image become its embedding: less their mean, and either each times a factor of its own or
 * all times a matrix.
 *
 * @param mean of each feature over training images
 * @param factors one a feature, or features × width, row-major; neither is copied
 */
record FeatureMap(float[] mean, float[] factors) implements Serializable {
    /** Of the mean deviation: below it a feature carries nothing and is not blown up. */
    private static final double LEAST_DEVIATION = 1e-3;

    /**
     * Scales each feature to a standard deviation of 1.
     *
     * @param mean of each feature
     * @param variance of each
     */
    static FeatureMap standardising(double[] mean, double[] variance) {
        double least = 0;
        for (double value : variance) {
            least += LEAST_DEVIATION * Math.sqrt(value) / variance.length;
        }
        float[] factors = new float[mean.length];
        for (int i = 0; i < factors.length; i++) {
            double deviation = Math.max(least, Math.sqrt(variance[i]));
            factors[i] = deviation > 0 ? (float) (1 / deviation) : 0;
        }
        return new FeatureMap(single(mean), factors);
    }

    static float[] single(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    /** Whether it is a matrix. */
    boolean reduces() {
        return factors.length != mean.length;
    }

    /** Components of an image embedding. */
    int width() {
        return reduces() ? factors.length / mean.length : mean.length;
    }
}

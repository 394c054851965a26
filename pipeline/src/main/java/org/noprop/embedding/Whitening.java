package org.noprop.embedding;

import java.io.Serializable;
import org.noprop.tensor.SymmetricEigen;

/**
 * ZCA whitening of patches, x = W (p - μ): W = V (Λ + ε)^-½ Vᵀ where V Λ Vᵀ is the covariance of p.
 *
 * @param mean μ
 * @param matrix W, length × length, row-major, symmetric; neither is copied
 */
public record Whitening(float[] mean, float[] matrix) implements Serializable {

    /**
     * Fits it to patches.
     *
     * @param patches count × length, row-major
     * @param regulariser ε, positive, as a share of the mean of Λ
     */
    static Whitening fit(float[] patches, int length, double regulariser) {
        int count = patches.length / length;
        double[] mean = new double[length];
        for (int i = 0; i < patches.length; i++) {
            mean[i % length] += (double) patches[i] / count;
        }
        double[] covariance = covariance(patches, mean);
        SymmetricEigen eigen = SymmetricEigen.of(covariance, length);
        double trace = 0;
        for (int i = 0; i < length; i++) {
            trace += covariance[i * length + i];
        }
        double floor = regulariser * trace / length;
        float[] matrix = eigen.function(value -> 1 / Math.sqrt(Math.max(0, value) + floor));
        float[] shift = new float[length];
        for (int i = 0; i < length; i++) {
            shift[i] = (float) mean[i];
        }
        return new Whitening(shift, matrix);
    }

    private static double[] covariance(float[] patches, double[] mean) {
        int length = mean.length;
        int count = patches.length / length;
        double[] sums = new double[length * length];
        double[] centred = new double[length];
        for (int patch = 0; patch < count; patch++) {
            for (int i = 0; i < length; i++) {
                centred[i] = patches[patch * length + i] - mean[i];
            }
            for (int i = 0; i < length; i++) {
                for (int j = 0; j < length; j++) {
                    sums[i * length + j] += centred[i] * centred[j];
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= count;
        }
        return sums;
    }

    /** Values of a patch. */
    int length() {
        return mean.length;
    }

    /** W (p - μ) for each patch. */
    float[] whiten(float[] patches) {
        float[] centred = new float[patches.length];
        for (int i = 0; i < patches.length; i++) {
            centred[i] = patches[i] - mean[i % mean.length];
        }
        float[] result = new float[patches.length];
        multiply(centred, result);
        return result;
    }

    /** W v for each vector. */
    void multiply(float[] vectors, float[] into) {
        int length = mean.length;
        for (int from = 0; from < vectors.length; from += length) {
            for (int i = 0; i < length; i++) {
                double sum = 0;
                for (int j = 0; j < length; j++) {
                    sum += (double) matrix[i * length + j] * vectors[from + j];
                }
                into[from + i] = (float) sum;
            }
        }
    }

    /** Divides a vector by its length, unless that is 0. */
    static void scaleToUnitLength(float[] values, int from, int length) {
        double squares = 0;
        for (int i = from; i < from + length; i++) {
            squares += (double) values[i] * values[i];
        }
        float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 0;
        for (int i = from; i < from + length; i++) {
            values[i] *= scale;
        }
    }
}

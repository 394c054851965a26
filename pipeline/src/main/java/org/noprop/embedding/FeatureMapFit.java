package org.noprop.embedding;

import org.noprop.tensor.FloatMatrix;
import org.noprop.tensor.PrincipalComponents;

/**
 * Fits a feature map to the features of training images, added one after the other. Where the map reduces, all of
 * them are kept in native kept.
 */
public final class FeatureMapFit implements AutoCloseable {
    /** Each multiplies the convergence of the last components by the ratio of their variance to that of the next. */
    private static final int ITERATIONS = 4;
    /** Of the largest variance: below it a component is rounding errors, and is not blown up. */
    private static final double LEAST_VARIANCE = 1e-10;

    private final PatchFit fit;
    private final int width;
    private final double[] sums;
    private final double[] squares;
    private final FloatMatrix kept;
    private int rows;

    /**
     * A fit to no images yet.
     *
     * @param width features of an image
     * @param most images that will be added
     */
    FeatureMapFit(PatchFit fit, int width, int most) {
        this.fit = fit;
        this.width = width;
        this.sums = new double[width];
        this.squares = new double[width];
        this.kept = FloatMatrix.of(fit.reduction() > 0 ? most : 1, width);
    }

    /** Adds the features of an image. */
    public void add(float[] features) {
        for (int i = 0; i < width; i++) {
            sums[i] += features[i];
            squares[i] += (double) features[i] * features[i];
        }
        if (fit.reduction() > 0) {
            kept.write((long) rows * width, features, width);
        }
        rows++;
    }

    /** The map that fits what was added. */
    FeatureMap finish() {
        double[] mean = new double[width];
        double[] variance = new double[width];
        for (int i = 0; i < width; i++) {
            mean[i] = sums[i] / rows;
            variance[i] = Math.max(0, squares[i] / rows - mean[i] * mean[i]);
        }
        return fit.reduction() > 0 ? reducing(FeatureMap.single(mean)) : FeatureMap.standardising(mean, variance);
    }

    private FeatureMap reducing(float[] mean) {
        float[] row = new float[width];
        for (int i = 0; i < rows; i++) {
            kept.read((long) i * width, row, width);
            for (int j = 0; j < width; j++) {
                row[j] -= mean[j];
            }
            kept.write((long) i * width, row, width);
        }
        PrincipalComponents components =
                PrincipalComponents.of(kept.rows(0, rows), fit.reduction(), ITERATIONS, fit.seed());
        return new FeatureMap(mean, whitened(components));
    }

    /** Each direction divided by √(λ + ε). */
    private float[] whitened(PrincipalComponents components) {
        double[] variances = components.variances();
        double floor = 0;
        for (double variance : variances) {
            floor += fit.regulariser() * variance / variances.length;
        }
        float[] factors = components.directions();
        for (int i = 0; i < factors.length; i++) {
            double variance = variances[i % variances.length];
            boolean carries = variance > LEAST_VARIANCE * variances[0];
            factors[i] = carries ? (float) (factors[i] / Math.sqrt(variance + floor)) : 0;
        }
        return factors;
    }

    @Override
    public void close() {
        kept.close();
    }
}

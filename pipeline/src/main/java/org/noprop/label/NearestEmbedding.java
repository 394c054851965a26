package org.noprop.label;

/**
 * Reads the class whose label embedding is nearest to z, NoProp-FM's prediction: p(y | z) ∝ exp(-‖z - u_y‖²/2),
 * the posterior under N(u_y, I) and equal shares of the classes.
 */
public final class NearestEmbedding implements ClassReader {
    private final int classes;
    private final int width;
    private final LabelEmbedding labels;

    /** The reader of a label embedding. */
    public NearestEmbedding(LabelEmbedding labels) {
        this.classes = labels.classes();
        this.width = labels.width();
        this.labels = labels;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int labelWidth() {
        return width;
    }

    @Override
    public void probabilities(int rows, float[] noisedLabels, float[] probabilities) {
        double[] squares = new double[classes];
        for (int row = 0; row < rows; row++) {
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                squares[k] = square(noisedLabels, row * width, k);
                least = Math.min(least, squares[k]);
            }
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                squares[k] = Math.exp((least - squares[k]) / 2);
                sum += squares[k];
            }
            for (int k = 0; k < classes; k++) {
                probabilities[row * classes + k] = (float) (squares[k] / sum);
            }
        }
    }

    private double square(float[] z, int offset, int label) {
        double square = 0;
        for (int i = 0; i < width; i++) {
            double difference = (double) z[offset + i] - labels.component(label, i);
            square += difference * difference;
        }
        return square;
    }
}

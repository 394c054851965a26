package org.noprop.inference;

import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Denoiser;
import org.noprop.network.NetworkShape;

/**
 * The best block there can be over {@link GaussianImages}: û = E[u_y | x, z_{t-1}] by Bayes' rule,
 * p(y | x, z) ∝ N(x; prototype_y, deviation² I) N(z; √ᾱ u_y, (1-ᾱ) I), ᾱ that of step t-1. It is what
 * training the squared error would converge to, and needs no training.
 */
final class BayesBlock implements Denoiser {
    private final OneHotEmbedding labels;
    private final double imageVariance;
    private final double alphaBar;
    private int encoded;

    BayesBlock(NoiseSchedule schedule, int t, int classes, double imageDeviation) {
        this.labels = new OneHotEmbedding(classes);
        this.imageVariance = imageDeviation * imageDeviation;
        this.alphaBar = schedule.alphaBar(t - 1);
    }

    /** How many images have been through the image part. */
    int encoded() {
        return encoded;
    }

    @Override
    public NetworkShape shape() {
        return new NetworkShape(labels.classes(), labels.width(), labels.classes());
    }

    @Override
    public int featureWidth() {
        return labels.classes();
    }

    /** The log likelihood of each class, up to a constant of the image. */
    @Override
    public void encodeImages(int rows, float[] images, float[] features) {
        encoded += rows;
        for (int i = 0; i < rows * labels.classes(); i++) {
            features[i] = (float) (images[i] / imageVariance);
        }
    }

    @Override
    public void estimate(
            int rows, float[] features, float[] noisedLabels, double time, float[] output, float[] probabilities) {
        int classes = labels.classes();
        double slope = Math.sqrt(alphaBar) / (1 - alphaBar);
        for (int row = 0; row < rows; row++) {
            double[] likelihood = new double[classes];
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                int i = row * classes + k;
                likelihood[k] = Math.exp(Math.min(80, features[i] + slope * noisedLabels[i]));
                sum += likelihood[k];
            }
            for (int k = 0; k < classes; k++) {
                float probability = (float) (likelihood[k] / sum);
                output[row * classes + k] = probability;
                probabilities[row * classes + k] = probability;
            }
        }
    }
}

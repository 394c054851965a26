package org.noprop.label;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/**
 * The softmax of a linear layer, p̂(y | z) = softmax(z W + b) (Equation 14 of arXiv 2503.24322v2), trained
 * by AdamW on the cross-entropy; weight decay counts for the bias too.
 *
 * <p>All weights start at zero. The loss is convex in them, so that nothing is gained by a random start,
 * and an untrained head gives each class 1/m. It has d·m + m weights, a few hundred, hence plain arrays:
 * sums are made in double precision, weights and moments kept in float32, as they are written.
 */
public final class LinearHead implements Head {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private final int labelWidth;
    private final int classes;
    /** W, d × m row-major, followed by b, m values. */
    private final float[] parameters;

    private final AdamW optimiser;

    /**
     * An untrained head.
     *
     * @param labelWidth d, at least 1
     * @param classes m, at least 2
     * @param learningRate AdamW's, positive
     * @param weightDecay AdamW's, at least 0
     */
    public LinearHead(int labelWidth, int classes, double learningRate, double weightDecay) {
        this.labelWidth = labelWidth;
        this.classes = classes;
        this.parameters = new float[(labelWidth + 1) * classes];
        this.optimiser = new AdamW(parameters.length, learningRate, weightDecay);
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int labelWidth() {
        return labelWidth;
    }

    @Override
    public void probabilities(int rows, float[] noisedLabels, float[] probabilities) {
        double[] logProbabilities = new double[classes];
        for (int row = 0; row < rows; row++) {
            logSoftmax(noisedLabels, row * labelWidth, logProbabilities);
            for (int k = 0; k < classes; k++) {
                probabilities[row * classes + k] = (float) Math.exp(logProbabilities[k]);
            }
        }
    }

    @Override
    public double trainStep(int rows, float[] noisedLabels, int[] labels) {
        double[] gradient = new double[parameters.length];
        double loss = gradient(rows, noisedLabels, labels, gradient);
        optimiser.step(parameters, gradient);
        return loss;
    }

    /** Adds the gradient of the mean cross-entropy to {@code gradient} and returns the latter. */
    double gradient(int rows, float[] noisedLabels, int[] labels, double[] gradient) {
        double[] logProbabilities = new double[classes];
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            int label = labels[row];
            logSoftmax(noisedLabels, row * labelWidth, logProbabilities);
            loss -= logProbabilities[label] / rows;
            for (int k = 0; k < classes; k++) {
                double slope = (Math.exp(logProbabilities[k]) - (k == label ? 1 : 0)) / rows;
                addSlope(slope, k, noisedLabels, row * labelWidth, gradient);
            }
        }
        return loss;
    }

    private void addSlope(double slope, int k, float[] noisedLabels, int offset, double[] gradient) {
        for (int i = 0; i < labelWidth; i++) {
            gradient[i * classes + k] += slope * noisedLabels[offset + i];
        }
        gradient[labelWidth * classes + k] += slope;
    }

    private void logSoftmax(float[] noisedLabels, int offset, double[] logProbabilities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            double logit = parameters[labelWidth * classes + k];
            for (int i = 0; i < labelWidth; i++) {
                logit += (double) noisedLabels[offset + i] * parameters[i * classes + k];
            }
            logProbabilities[k] = logit;
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logProbabilities) {
            sum += Math.exp(logit - largest);
        }
        double logSum = largest + Math.log(sum);
        for (int k = 0; k < classes; k++) {
            logProbabilities[k] -= logSum;
        }
    }

    @Override
    public SortedMap<String, Tensor> weights() {
        return split("", parameters);
    }

    @Override
    public void loadWeights(SortedMap<String, Tensor> weights) {
        NamedTensors.requireSame("the head", weights(), weights);
        join("", weights, parameters);
    }

    @Override
    public SortedMap<String, Tensor> optimiserState() {
        SortedMap<String, Tensor> state = new TreeMap<>();
        state.putAll(split("first-moment.", optimiser.firstMoment()));
        state.putAll(split("second-moment.", optimiser.secondMoment()));
        state.put("steps", Tensor.vector(optimiser.steps()));
        return state;
    }

    @Override
    public void loadOptimiserState(SortedMap<String, Tensor> state) {
        NamedTensors.requireSame("the head's optimiser", optimiserState(), state);
        join("first-moment.", state, optimiser.firstMoment());
        join("second-moment.", state, optimiser.secondMoment());
        optimiser.setSteps((int) state.get("steps").values()[0]);
    }

    @Override
    public void setLearningRate(double learningRate) {
        optimiser.setLearningRate(learningRate);
    }

    /** Nothing to free: its arrays lie on the heap. */
    @Override
    public void close() {}

    private SortedMap<String, Tensor> split(String prefix, float[] joined) {
        int split = labelWidth * classes;
        float[] weight = Arrays.copyOfRange(joined, 0, split);
        float[] bias = Arrays.copyOfRange(joined, split, joined.length);
        return new TreeMap<>(Map.of(
                prefix + WEIGHT, Tensor.matrix(labelWidth, classes, weight), prefix + BIAS, Tensor.vector(bias)));
    }

    private void join(String prefix, SortedMap<String, Tensor> tensors, float[] joined) {
        int split = labelWidth * classes;
        System.arraycopy(tensors.get(prefix + WEIGHT).values(), 0, joined, 0, split);
        System.arraycopy(tensors.get(prefix + BIAS).values(), 0, joined, split, classes);
    }
}

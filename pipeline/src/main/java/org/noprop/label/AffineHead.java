package org.noprop.label;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/**
 * A head whose trained part is one linear layer, f(z) = z W + b, trained by AdamW on the cross-entropy;
 * weight decay counts for the bias too.
 *
 * <p>All weights start at zero. It has d·m + m weights, a hundred for ten one-hot classes, hence plain arrays: sums
 * are made in double precision, weights and moments kept in float32, as they are written.
 */
abstract class AffineHead implements Head {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private final int labelWidth;
    private final int classes;
    /** W, d × m row-major, followed by b, m values. */
    private final float[] parameters;
    /** Of the parameters; empty until the first step. */
    private double[] gradient = {};

    private final AdamW optimiser;

    AffineHead(int labelWidth, int classes, double learningRate, double weightDecay) {
        this.labelWidth = labelWidth;
        this.classes = classes;
        this.parameters = new float[Math.multiplyExact(labelWidth + 1, classes)];
        this.optimiser = new AdamW(parameters.length, learningRate, weightDecay);
    }

    /** Replaces f(z) by log p̂(· | z). */
    abstract void logProbabilities(double[] outputs);

    /**
     * The gradient of -log p̂(y | z) by f(z).
     *
     * @param outputs f(z); may be overwritten
     * @param slopes receives m values
     * @return log p̂(y | z)
     */
    abstract double slopes(double[] outputs, int label, double[] slopes);

    @Override
    public final int classes() {
        return classes;
    }

    @Override
    public final int labelWidth() {
        return labelWidth;
    }

    @Override
    public final void probabilities(int rows, float[] noisedLabels, float[] probabilities) {
        double[] outputs = new double[classes];
        for (int row = 0; row < rows; row++) {
            outputs(noisedLabels, row * labelWidth, outputs);
            logProbabilities(outputs);
            for (int k = 0; k < classes; k++) {
                probabilities[row * classes + k] = (float) Math.exp(outputs[k]);
            }
        }
    }

    @Override
    public final double trainStep(int rows, float[] noisedLabels, int[] labels) {
        if (gradient.length == 0) {
            gradient = new double[parameters.length];
        }
        Arrays.fill(gradient, 0);
        double loss = gradient(rows, noisedLabels, labels, gradient);
        optimiser.step(parameters, gradient);
        return loss;
    }

    /** Adds the gradient of the mean cross-entropy to {@code gradient}, and returns the cross-entropy. */
    final double gradient(int rows, float[] noisedLabels, int[] labels, double[] gradient) {
        double[] outputs = new double[classes];
        double[] slopes = new double[classes];
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            outputs(noisedLabels, row * labelWidth, outputs);
            loss -= slopes(outputs, labels[row], slopes) / rows;
            for (int k = 0; k < classes; k++) {
                slopes[k] /= rows;
            }
            addSlopes(slopes, noisedLabels, row * labelWidth, gradient);
        }
        return loss;
    }

    /** Row by row of W, as it lies in memory. */
    private void addSlopes(double[] slopes, float[] noisedLabels, int offset, double[] gradient) {
        for (int i = 0; i < labelWidth; i++) {
            double z = noisedLabels[offset + i];
            for (int k = 0; k < classes; k++) {
                gradient[i * classes + k] += slopes[k] * z;
            }
        }
        for (int k = 0; k < classes; k++) {
            gradient[labelWidth * classes + k] += slopes[k];
        }
    }

    private void outputs(float[] noisedLabels, int offset, double[] outputs) {
        for (int k = 0; k < classes; k++) {
            outputs[k] = parameters[labelWidth * classes + k];
        }
        for (int i = 0; i < labelWidth; i++) {
            double z = noisedLabels[offset + i];
            for (int k = 0; k < classes; k++) {
                outputs[k] += z * parameters[i * classes + k];
            }
        }
    }

    /** Replaces logits by the logarithms of their softmax. */
    static void logSoftmax(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        double logSum = largest + Math.log(sum);
        for (int k = 0; k < logits.length; k++) {
            logits[k] -= logSum;
        }
    }

    @Override
    public final SortedMap<String, Tensor> weights() {
        return split("", parameters);
    }

    @Override
    public final void loadWeights(SortedMap<String, Tensor> weights) {
        NamedTensors.requireSame("the head", weights(), weights);
        join("", weights, parameters);
    }

    @Override
    public final SortedMap<String, Tensor> optimiserState() {
        SortedMap<String, Tensor> state = new TreeMap<>();
        state.putAll(split("first-moment.", optimiser.firstMoment()));
        state.putAll(split("second-moment.", optimiser.secondMoment()));
        state.put("steps", Tensor.vector(optimiser.steps()));
        return state;
    }

    @Override
    public final void loadOptimiserState(SortedMap<String, Tensor> state) {
        NamedTensors.requireSame("the head's optimiser", optimiserState(), state);
        join("first-moment.", state, optimiser.firstMoment());
        join("second-moment.", state, optimiser.secondMoment());
        optimiser.setSteps((int) state.get("steps").values()[0]);
    }

    @Override
    public final void setLearningRate(double learningRate) {
        optimiser.setLearningRate(learningRate);
    }

    /** Nothing to free: its arrays lie on the heap. */
    @Override
    public final void close() {}

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

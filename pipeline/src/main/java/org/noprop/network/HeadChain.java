package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.HeadSettings;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Scratch;

/** A head that is trained with a block: units from z_T to logits, and the cross-entropy of their softmax. */
final class HeadChain implements AutoCloseable {
    private final Dense linear;
    private final List<Unit> units;
    private final CrossEntropy entropy;

    /** A head for label embeddings. */
    HeadChain(Scratch scratch, HeadSettings settings, LabelMatrix labels) {
        this.linear = new Dense(scratch, "head", labels.width(), labels.classes());
        this.units = units(scratch, settings, labels);
        this.entropy = new CrossEntropy(scratch.type(), labels.classes());
    }

    private List<Unit> units(Scratch scratch, HeadSettings settings, LabelMatrix labels) {
        if (settings instanceof HeadSettings.Posterior posterior) {
            return List.of(
                    linear,
                    new SoftmaxUnit(scratch, "head.probabilities", labels.classes()),
                    new EmbeddingProduct(scratch, "head.estimate", labels),
                    new DistanceLogits(scratch, "head.distances", labels, posterior.sigma()));
        }
        return List.of(linear);
    }

    /** What is trained of it: one linear layer. */
    Weights weights() {
        return linear;
    }

    /** The mean of -log p̂(y | z), z [rows, d]. */
    double measure(INDArray z, int[] labels) {
        return measure(z, labels, 1);
    }

    /** {@code weight} times {@link #measure(INDArray, int[])}. */
    double measure(INDArray z, int[] labels, double weight) {
        return entropy.measure(forward(true, z), labels, weight);
    }

    /** The gradient by z after {@link #measure}; writes that of the weights. */
    INDArray backward() {
        INDArray gradient = entropy.gradient();
        for (int i = units.size() - 1; i >= 0; i--) {
            gradient = units.get(i).backward(gradient)[0];
        }
        return gradient;
    }

    /** p̂(· | z), rows × classes; an array that is overwritten. */
    double[] probabilities(INDArray z) {
        INDArray logits = forward(false, z);
        double[] values = new HostValues(logits).pull();
        for (int row = 0; row < logits.rows(); row++) {
            Softmax.inPlace(values, row * logits.columns(), logits.columns());
        }
        return values;
    }

    long bytes() {
        return entropy.bytes() + units.stream().mapToLong(Unit::activationBytes).sum();
    }

    @Override
    public void close() {
        units.forEach(Unit::close);
        entropy.close();
    }

    private INDArray forward(boolean training, INDArray z) {
        INDArray output = z;
        for (Unit unit : units) {
            output = unit.forward(training, output);
        }
        return output;
    }
}

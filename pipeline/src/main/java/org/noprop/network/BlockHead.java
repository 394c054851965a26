package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.ClassReader;
import org.noprop.label.HeadSettings;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Scratch;

/** A head that is trained in a block: units from z_T to logits, and the cross-entropy of their softmax. */
final class BlockHead implements ClassReader, AutoCloseable {
    private final int classes;
    private final int labelWidth;
    private final Dense linear;
    private final List<Unit> units;
    private final CrossEntropy entropy;
    private final BatchInput noisedLabels;

    /** A head for label embeddings. */
    BlockHead(Scratch scratch, HeadSettings settings, LabelMatrix labels) {
        this.classes = labels.classes();
        this.labelWidth = labels.width();
        this.linear = new Dense(scratch, "head", labelWidth, classes);
        this.units = settings instanceof HeadSettings.Posterior posterior
                ? List.of(
                        linear,
                        new SoftmaxUnit(scratch, "head.probabilities", classes),
                        new EmbeddingProduct(scratch, "head.estimate", labels),
                        new DistanceLogits(scratch, "head.distances", labels, posterior.sigma()))
                : List.of(linear);
        this.entropy = new CrossEntropy(scratch.type(), classes);
        this.noisedLabels = new BatchInput(labelWidth);
    }

    /** What is trained of it: one linear layer. */
    Weights weights() {
        return linear;
    }

    /** {@code weight} times the mean of -log p̂(y | z), z [rows, d]. */
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

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int labelWidth() {
        return labelWidth;
    }

    /** p̂(· | z), a chunk of rows at a time. */
    @Override
    public void probabilities(int rows, float[] z, float[] probabilities) {
        for (int first = 0; first < rows; first += BatchInput.CHUNK) {
            int count = Math.min(BatchInput.CHUNK, rows - first);
            double[] values = new HostValues(forward(false, noisedLabels.copy(z, first, count))).pull();
            for (int row = 0; row < count; row++) {
                Softmax.inPlace(values, row * classes, classes);
            }
            BatchInput.copyOut(values, probabilities, first * classes);
        }
    }

    private INDArray forward(boolean training, INDArray z) {
        INDArray output = z;
        for (Unit unit : units) {
            output = unit.forward(training, output);
        }
        return output;
    }

    long bytes() {
        return entropy.bytes()
                + noisedLabels.bytes()
                + units.stream().mapToLong(Unit::activationBytes).sum();
    }

    @Override
    public void close() {
        units.forEach(Unit::close);
        entropy.close();
        noisedLabels.close();
    }
}

package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;

/** The mean cross-entropy in nats of softmax(logits), and its gradient. */
final class CrossEntropy implements AutoCloseable {
    private final int classes;
    private final Rows gradient;

    CrossEntropy(DataType type, int classes) {
        this.classes = classes;
        this.gradient = new Rows(type, classes);
    }

    /**
     * The cross-entropy; prepares {@link #gradient}.
     *
     * @param logits [rows, classes]
     * @param labels y of each row
     */
    double measure(INDArray logits, int[] labels) {
        return measure(logits, labels, 1);
    }

    /** {@code weight} times the cross-entropy, whose gradient has the weight as well. */
    double measure(INDArray logits, int[] labels, double weight) {
        int rows = logits.rows();
        double[] values = new HostValues(logits).pull();
        gradient.matrix(rows);
        double[] slope = gradient.host().values();
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            int own = row * classes + labels[row];
            double logit = values[own];
            double largest = largest(values, row);
            double total = 0;
            for (int k = row * classes; k < (row + 1) * classes; k++) {
                total += Math.exp(values[k] - largest);
            }
            double logTotal = largest + Math.log(total);
            sum += logTotal - logit;
            for (int k = row * classes; k < (row + 1) * classes; k++) {
                slope[k] = (Math.exp(values[k] - logTotal) - (k == own ? 1 : 0)) * weight / rows;
            }
        }
        gradient.host().push();
        return weight * sum / rows;
    }

    /** The gradient by the logits, [rows, classes]. */
    INDArray gradient() {
        return gradient.matrix();
    }

    long bytes() {
        return gradient.bytes();
    }

    @Override
    public void close() {
        gradient.close();
    }

    private double largest(double[] values, int row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = row * classes; k < (row + 1) * classes; k++) {
            largest = Math.max(largest, values[k]);
        }
        return largest;
    }
}

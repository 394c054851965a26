package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;

/** The block term of Equation 8: the mean over rows of ‖û - u_y‖², a sum over components, and its gradient. */
final class SquaredError implements AutoCloseable {
    private final int width;
    private final LabelEmbedding embedding;
    private final Rows gradient;

    SquaredError(DataType type, LabelEmbedding labels) {
        this.width = labels.width();
        this.embedding = labels;
        this.gradient = new Rows(type, width);
    }

    /**
     * The error, without the weight; prepares {@link #gradient}, with it.
     *
     * @param estimate û, [rows, d]
     * @param labels y of each row
     */
    double measure(INDArray estimate, int[] labels, double weight) {
        int rows = estimate.rows();
        double[] u = new HostValues(estimate).pull();
        gradient.matrix(rows);
        double[] slope = gradient.host().values();
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < width; j++) {
                double difference = u[row * width + j] - embedding.component(labels[row], j);
                sum += difference * difference;
                slope[row * width + j] = 2 * weight * difference / rows;
            }
        }
        gradient.host().push();
        return sum / rows;
    }

    /** The gradient of weight × error by û, [rows, d]. */
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
}

package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;

/**
 * The mean over rows of weight · ‖û - u_y‖², or of weight · ‖v - (u_y - z_0)‖², a sum over components, with a
 * weight for each row; its gradient by û or v, and by u_y where label embeddings are trained.
 */
final class LabelError implements AutoCloseable {
    private final int width;
    private final Rows gradient;
    private double[] weights = {};
    private double[] squares = {};
    private double plain;

    /** An error of {@code width} components. */
    LabelError(DataType type, int width) {
        this.width = width;
        this.gradient = new Rows(type, width);
    }

    /** Makes room for {@code rows} rows. */
    void begin(int rows) {
        if (weights.length < rows) {
            weights = new double[rows];
            squares = new double[rows];
        }
        gradient.matrix(rows);
    }

    /** Sets the weight of a row. */
    void setWeight(int row, double weight) {
        weights[row] = weight;
    }

    /** Sets the weight of all rows. */
    void setAllWeights(double weight) {
        for (int row = 0; row < gradient.matrix().rows(); row++) {
            setWeight(row, weight);
        }
    }

    /** The error of û; prepares {@link #gradient}. */
    double measure(INDArray estimate, LabelMatrix matrix, int[] labels) {
        return measure(estimate, matrix, labels, null);
    }

    /** The error of v, whose target is u_y less {@code start}, rows × d; prepares {@link #gradient}. */
    double measure(INDArray estimate, LabelMatrix matrix, int[] labels, double[] start) {
        int rows = estimate.rows();
        double[] u = new HostValues(estimate).pull();
        double[] slope = gradient.host().values();
        double weighted = 0;
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            double square = 0;
            for (int j = 0; j < width; j++) {
                double target = matrix.component(labels[row], j) - (start == null ? 0 : start[row * width + j]);
                double difference = u[row * width + j] - target;
                square += difference * difference;
                sum += difference * difference;
                double along = 2 * weights[row] * difference / rows;
                slope[row * width + j] = along;
                if (matrix.trainable()) {
                    matrix.slopes()[labels[row] * width + j] -= along;
                }
            }
            squares[row] = square;
            weighted += weights[row] * square / rows;
        }
        plain = sum / rows;
        gradient.host().push();
        return weighted;
    }

    /** The error without weights. */
    double plain() {
        return plain;
    }

    /** ‖û - u_y‖² of a row. */
    double square(int row) {
        return squares[row];
    }

    /** The gradient, [rows, d]. */
    INDArray gradient() {
        return gradient.matrix();
    }

    /** The gradient on the host, which may be added to before {@link #pushGradient}; the array itself. */
    double[] gradientValues() {
        return gradient.host().values();
    }

    /** {@link #gradient} with the host's values. */
    INDArray pushGradient() {
        return gradient.host().push();
    }

    long bytes() {
        return gradient.bytes();
    }

    @Override
    public void close() {
        gradient.close();
    }
}

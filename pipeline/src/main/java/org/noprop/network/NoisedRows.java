package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;

/**
 * z = signal · u_y + deviation · ε row by row (Equation 5 with signal = √ᾱ, deviation = √(1-ᾱ)), and what z's
 * gradient means for label embeddings, signal and deviation.
 */
final class NoisedRows implements AutoCloseable {
    private final int width;
    private final Rows z;
    private int[] labels = {};
    private double[] noise = {};
    private double[] signal = {};
    private double[] deviation = {};
    private double[] bySignal = {};
    private double[] byDeviation = {};

    /** Noised labels of {@code width} components. */
    NoisedRows(DataType type, int width) {
        this.width = width;
        this.z = new Rows(type, width);
    }

    /** Makes room for {@code rows} rows, and uses these labels and this noise; the arrays themselves. */
    void begin(int rows, int[] newLabels, double[] newNoise) {
        labels = newLabels;
        noise = newNoise;
        if (signal.length < rows) {
            signal = new double[rows];
            deviation = new double[rows];
            bySignal = new double[rows];
            byDeviation = new double[rows];
        }
        z.matrix(rows);
    }

    /** Sets the factors of one row. */
    void set(int row, double newSignal, double newDeviation) {
        signal[row] = newSignal;
        deviation[row] = newDeviation;
    }

    /** Sets those of one row to √ᾱ and √(1-ᾱ). */
    void set(int row, double alphaBar) {
        set(row, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /** Sets those of all rows to √ᾱ and √(1-ᾱ). */
    void setAll(double alphaBar) {
        for (int row = 0; row < z.matrix().rows(); row++) {
            set(row, alphaBar);
        }
    }

    /** z, [rows, d]. */
    INDArray draw(LabelMatrix matrix) {
        double[] values = z.host().values();
        for (int i = 0; i < values.length; i++) {
            int row = i / width;
            values[i] = signal[row] * matrix.component(labels[row], i % width) + deviation[row] * noise[i];
        }
        return z.host().push();
    }

    /** Takes z's gradient, [rows, d]; label embeddings get their share if they are trained. */
    void backward(INDArray gradient, LabelMatrix matrix) {
        double[] dz = new HostValues(gradient).pull();
        for (int row = 0; row < gradient.rows(); row++) {
            bySignal[row] = 0;
            byDeviation[row] = 0;
            for (int i = 0; i < width; i++) {
                double slope = dz[row * width + i];
                bySignal[row] += slope * matrix.component(labels[row], i);
                byDeviation[row] += slope * noise[row * width + i];
                if (matrix.trainable()) {
                    matrix.slopes()[labels[row] * width + i] += signal[row] * slope;
                }
            }
        }
    }

    /**
     * The gradient by γ of a row with ᾱ = σ(-γ), after {@link #backward}: ∂√ᾱ/∂γ = -½ √ᾱ (1-ᾱ), ∂√(1-ᾱ)/∂γ =
     * ½ √(1-ᾱ) ᾱ.
     */
    double byGamma(int row) {
        double alphaBar = signal[row] * signal[row];
        double rest = deviation[row] * deviation[row];
        return (bySignal[row] * -signal[row] * rest + byDeviation[row] * deviation[row] * alphaBar) / 2;
    }

    /** z on the host, rows × d, as {@link #draw} made it; the array itself. */
    double[] values() {
        return z.host().values();
    }

    long bytes() {
        return z.bytes();
    }

    @Override
    public void close() {
        z.close();
    }
}

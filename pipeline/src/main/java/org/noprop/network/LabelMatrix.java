package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.Parameter;
import org.noprop.tensor.HostValues;

/**
 * W_Embed, m × d, as a network holds it: fixed, or trained from where it started. What it takes part in row
 * by row (targets, noised labels) is computed on the host, what is a product of matrices natively, and both
 * have their share of its gradient. The identity, of one-hot label embeddings, is nowhere held.
 */
final class LabelMatrix extends Weights implements AutoCloseable {
    private static final int MATRIX = 0;

    private final DataType type;
    private final LabelEmbedding start;
    private final INDArray fixed;
    private final double[] slopes;
    private double[] rows;

    /** The matrix of a label embedding; a trainable one still needs its vectors ({@link #useValues}). */
    LabelMatrix(DataType type, LabelEmbedding labels) {
        super(Block.LABEL_EMBEDDING, labels.trainable() ? parameters(labels) : List.of());
        this.type = type;
        this.start = labels;
        this.rows = isIdentity() ? new double[0] : toDouble(labels.matrix());
        this.slopes = new double[labels.trainable() ? rows.length : 0];
        this.fixed = labels.trainable() || isIdentity() ? null : Nd4j.create(type, labels.classes(), labels.width());
        if (fixed != null) {
            HostValues host = new HostValues(fixed);
            System.arraycopy(rows, 0, host.values(), 0, rows.length);
            host.push();
        }
    }

    private static List<Parameter> parameters(LabelEmbedding labels) {
        return List.of(Parameter.constant("", 0, labels.classes(), labels.width()));
    }

    /** Sets a trainable matrix to where it starts. */
    void start() {
        if (trainable()) {
            startAt(MATRIX, toDouble(start.matrix()));
        }
    }

    /** Of its arrays. */
    DataType type() {
        return type;
    }

    boolean trainable() {
        return start.trainable();
    }

    /** Whether W_Embed = I: label embeddings are one-hot, and there is no {@link #matrix}. */
    boolean isIdentity() {
        return start instanceof OneHotEmbedding;
    }

    /** Whether a label embedding is an image. */
    boolean ofImages() {
        return start instanceof PrototypeEmbedding;
    }

    /** The label embedding that it started from. */
    LabelEmbedding embedding() {
        return start;
    }

    /** m. */
    int classes() {
        return start.classes();
    }

    /** d. */
    int width() {
        return start.width();
    }

    /** W_Embed, [m, d]; not of the identity. */
    INDArray matrix() {
        return trainable() ? value(MATRIX) : fixed;
    }

    /** What products add their share of the gradient to, [m, d]; of a trainable matrix only. */
    INDArray gradient() {
        return gradient(MATRIX);
    }

    /** Reads the present values for {@link #component}. */
    void pull() {
        if (trainable()) {
            rows = host(MATRIX).pull();
        }
    }

    /** Reads the present values for {@link #component}, and sets the gradient to 0. */
    void beginStep() {
        if (trainable()) {
            pull();
            Arrays.fill(slopes, 0);
            gradient().assign(0);
        }
    }

    /** Adds what has come together in {@link #slopes} to the gradient. */
    void endStep() {
        if (trainable()) {
            HostValues gradient = new HostValues(gradient());
            double[] sum = gradient.pull();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += slopes[i];
            }
            gradient.push();
        }
    }

    /** Component {@code index} of u_label, as {@link #beginStep} or {@link #pull} found it. */
    double component(int label, int index) {
        return isIdentity() ? (label == index ? 1 : 0) : rows[label * start.width() + index];
    }

    /** What row-wise terms add their share of the gradient to, m × d; of length 0 for a fixed matrix. */
    double[] slopes() {
        return slopes;
    }

    /** The values as they are now, as a label embedding of the kind that it started from. */
    LabelEmbedding toEmbedding() {
        if (!trainable()) {
            return start;
        }
        float[] values = new float[rows.length];
        BatchInput.copyOut(new HostValues(matrix()).pull(), values, 0);
        return start.withMatrix(values);
    }

    long bytes() {
        return (long) Double.BYTES * (rows.length + slopes.length)
                + (fixed == null ? 0 : fixed.length() * fixed.dataType().width());
    }

    @Override
    public void close() {
        if (fixed != null) {
            fixed.close();
        }
    }

    private static double[] toDouble(float[] values) {
        double[] converted = new double[values.length];
        Arrays.setAll(converted, i -> values[i]);
        return converted;
    }
}

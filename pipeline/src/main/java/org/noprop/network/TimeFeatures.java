package org.noprop.network;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.BlockNetwork;
import org.noprop.tensor.Rows;

/**
 * The positional embedding of t in [0, 1]: sin(1000 t f_i) and cos(1000 t f_i) for {@value #FREQUENCIES}
 * frequencies f_i = 10000^(-i/{@value #FREQUENCIES}) (Vaswani et al., arXiv 1706.03762, with 1000 t, the
 * number of a step of inference, for the position). The paper gives no formula.
 */
final class TimeFeatures implements AutoCloseable {
    /** Width of the embedding. */
    static final int WIDTH = BlockNetwork.TIME_WIDTH;

    private static final int FREQUENCIES = WIDTH / 2;
    private static final double POSITIONS = 1000;
    private static final double LONGEST = 10_000;

    private final Rows features;
    private final double[] angles = new double[FREQUENCIES];

    TimeFeatures(DataType type) {
        this.features = new Rows(type, WIDTH);
        Arrays.setAll(angles, i -> POSITIONS * Math.pow(LONGEST, -i / (double) FREQUENCIES));
    }

    /** The embeddings of {@code rows} times, [rows, {@link #WIDTH}]. */
    INDArray of(int rows, double... times) {
        features.matrix(rows);
        double[] values = features.host().values();
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < FREQUENCIES; i++) {
                double angle = times[row] * angles[i];
                values[row * WIDTH + i] = Math.sin(angle);
                values[row * WIDTH + FREQUENCIES + i] = Math.cos(angle);
            }
        }
        return features.host().push();
    }

    long bytes() {
        return features.bytes();
    }

    @Override
    public void close() {
        features.close();
    }
}

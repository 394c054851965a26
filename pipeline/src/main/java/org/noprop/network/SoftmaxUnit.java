package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/** The softmax of each row, on the host: a few columns. */
final class SoftmaxUnit extends Unit {
    private final int classes;
    private final Rows output;
    private final Rows inputGradient;
    private double[] probabilities = {};

    /** The softmax of {@code classes} columns. */
    SoftmaxUnit(Scratch scratch, String name, int classes) {
        super(name, List.of());
        this.classes = classes;
        this.output = new Rows(scratch.type(), classes);
        this.inputGradient = new Rows(scratch.type(), classes);
    }

    @Override
    int inputs() {
        return 1;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        int rows = in[0].rows();
        double[] logits = new HostValues(in[0]).pull();
        output.matrix(rows);
        probabilities = output.host().values();
        System.arraycopy(logits, 0, probabilities, 0, logits.length);
        for (int row = 0; row < rows; row++) {
            Softmax.inPlace(probabilities, row * classes, classes);
        }
        return output.host().push();
    }

    /** The last output on the host, rows × classes; the array itself. */
    double[] probabilities() {
        return probabilities;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        int rows = outputGradient.rows();
        double[] dp = new HostValues(outputGradient).pull();
        inputGradient.matrix(rows);
        double[] gradient = inputGradient.host().values();
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            for (int k = row * classes; k < (row + 1) * classes; k++) {
                mean += dp[k] * probabilities[k];
            }
            for (int k = row * classes; k < (row + 1) * classes; k++) {
                gradient[k] = probabilities[k] * (dp[k] - mean);
            }
        }
        return new INDArray[] {inputGradient.host().push()};
    }

    @Override
    long activationBytes() {
        return output.bytes() + inputGradient.bytes();
    }

    @Override
    public void close() {
        output.close();
        inputGradient.close();
    }
}

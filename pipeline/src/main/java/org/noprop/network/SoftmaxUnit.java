package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Scratch;

/** The softmax of each row, on the host: a few columns. */
final class SoftmaxUnit extends RowsUnit {
    private final int classes;
    private double[] probabilities = {};

    /** The softmax of {@code classes} columns. */
    SoftmaxUnit(Scratch scratch, String name, int classes) {
        super(scratch, name, List.of(), classes, classes);
        this.classes = classes;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        int rows = in[0].rows();
        double[] logits = new HostValues(in[0]).pull();
        output().matrix(rows);
        probabilities = output().host().values();
        System.arraycopy(logits, 0, probabilities, 0, logits.length);
        for (int row = 0; row < rows; row++) {
            Softmax.inPlace(probabilities, row * classes, classes);
        }
        return output().host().push();
    }

    /** The last output on the host, rows × classes; the array itself. */
    double[] probabilities() {
        return probabilities;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        int rows = outputGradient.rows();
        double[] dp = new HostValues(outputGradient).pull();
        inputGradient().matrix(rows);
        double[] gradient = inputGradient().host().values();
        System.arraycopy(dp, 0, gradient, 0, dp.length);
        for (int row = 0; row < rows; row++) {
            Softmax.gradientInPlace(gradient, probabilities, row * classes, classes);
        }
        return new INDArray[] {inputGradient().host().push()};
    }
}

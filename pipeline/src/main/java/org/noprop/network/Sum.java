package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.AddOp;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/** The sum of two inputs: a residual connection. */
final class Sum extends Unit {
    private final Rows output;
    private final Rows inputGradient;

    /** A sum of inputs of {@code width} columns. */
    Sum(Scratch scratch, String name, int width) {
        super(name, List.of());
        this.output = new Rows(scratch.type(), width);
        this.inputGradient = new Rows(scratch.type(), width);
    }

    @Override
    int inputs() {
        return 2;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        INDArray sum = output.matrix(in[0].rows());
        Nd4j.exec(new AddOp(in[0], in[1], sum));
        return sum;
    }

    /** Two arrays, because the graph adds to the one whose input feeds other vertices too. */
    @Override
    INDArray[] backward(INDArray outputGradient) {
        INDArray copy = inputGradient.matrix(outputGradient.rows());
        copy.assign(outputGradient);
        return new INDArray[] {copy, outputGradient};
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

package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.noprop.nn.Layer;
import org.noprop.tensor.Convolution;
import org.noprop.tensor.Dropout;
import org.noprop.tensor.MaxPool;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/**
 * A 3 × 3 convolution, ReLU, perhaps 2 × 2 max pooling, and dropout. Pooling comes before the ReLU here,
 * where there is less to do: the two may change places, because a ReLU never swaps the order of two values.
 */
final class ConvolutionStage extends Unit {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    /** Images at once in the backward pass: what lies before pooling, and copies that oneDNN makes, are large. */
    private static final int CHUNK = 32;

    private final Scratch scratch;
    private final Convolution convolution;
    private final MaxPool pool;
    private final Dropout dropout;
    private final RowSeeds seeds;
    private final Rows convolved;
    private final Rows output;
    private final Rows inputGradient;
    private INDArray input;

    /**
     * A stage.
     *
     * @param propagate whether {@link #backward} gives the input's gradient
     * @param seeds of the rows of the batch at hand
     */
    ConvolutionStage(Scratch scratch, String name, Layer.Convolution layer, boolean propagate, RowSeeds seeds) {
        super(name, layer.parameters());
        this.scratch = scratch;
        this.convolution = new Convolution(scratch, layer.in(), layer.channels());
        this.pool = layer.pool() ? new MaxPool(convolution.output()) : null;
        this.dropout = new Dropout(scratch, layer.dropout(), seeds.nextLayer());
        this.seeds = seeds;
        this.output = new Rows(scratch.type(), layer.out().length());
        this.convolved =
                layer.pool() ? new Rows(scratch.type(), convolution.output().length()) : output;
        this.inputGradient = propagate ? new Rows(scratch.type(), layer.in().length()) : null;
    }

    @Override
    int inputs() {
        return 1;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        input = in[0];
        int rows = input.rows();
        INDArray y = output.matrix(rows);
        convolution.forward(input, value(WEIGHT), value(BIAS), convolved.matrix(rows));
        if (pool != null) {
            pool.forward(convolved.matrix(), y);
        }
        Transforms.relu(y, false);
        if (training) {
            dropout.apply(y, seeds.of(rows));
        }
        return y;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        INDArray slope = throughRelu(outputGradient);
        convolution.biasGradient(slope, gradient(BIAS));
        INDArray propagated = inputGradient == null ? null : inputGradient.matrix(input.rows());
        int rows = slope.rows();
        for (int first = 0; first < rows; first += CHUNK) {
            int end = Math.min(first + CHUNK, rows);
            INDArray part = throughPool(rows(slope, first, end), first, end);
            convolution.weightGradient(input, first, part, gradient(WEIGHT), first > 0);
            if (propagated != null) {
                convolution.inputGradient(part, value(WEIGHT), rows(propagated, first, end));
            }
        }
        return new INDArray[] {propagated};
    }

    @Override
    long activationBytes() {
        return output.bytes()
                + (pool == null ? 0 : convolved.bytes())
                + (inputGradient == null ? 0 : inputGradient.bytes());
    }

    @Override
    public void close() {
        output.close();
        convolved.close();
        if (inputGradient != null) {
            inputGradient.close();
        }
    }

    /** The output is positive where neither ReLU nor dropout made it 0. It is not needed afterwards. */
    private INDArray throughRelu(INDArray outputGradient) {
        INDArray passed = Transforms.sign(output.matrix(), false);
        INDArray slope = scratch.gradient(passed.rows(), passed.columns());
        Nd4j.exec(new MulOp(outputGradient, passed, slope));
        return dropout.scale() == 1 ? slope : slope.muli(dropout.scale());
    }

    private INDArray throughPool(INDArray slope, int first, int end) {
        if (pool == null) {
            return slope;
        }
        INDArray x = rows(convolved.matrix(), first, end);
        INDArray dx = scratch.poolGradient(x.rows(), x.columns());
        pool.backward(x, slope, dx);
        return dx;
    }

    private static INDArray rows(INDArray matrix, int first, int end) {
        return first == 0 && end == matrix.rows()
                ? matrix
                : matrix.get(NDArrayIndex.interval(first, end), NDArrayIndex.all());
    }
}

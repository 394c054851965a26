package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/** As {@link Layer.Mix}. */
final class Mix extends Unit {
    private static final int WEIGHT = 0;

    private final Rows output;
    private final Rows stateGradient;
    private final Rows estimateGradient;
    private double[] state = {};
    private double[] estimate = {};
    private double alpha;

    /** A mix of vectors of {@code width} components. */
    Mix(Scratch scratch, String name, int width) {
        super(name, new Layer.Mix(width).parameters());
        this.output = new Rows(scratch.type(), width);
        this.stateGradient = new Rows(scratch.type(), width);
        this.estimateGradient = new Rows(scratch.type(), width);
    }

    /** Inputs z_{t-1} and û_t. */
    @Override
    int inputs() {
        return 2;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        alpha = Math.tanh(host(WEIGHT).pull()[0]);
        state = new HostValues(in[0]).pull();
        estimate = new HostValues(in[1]).pull();
        output.matrix(in[0].rows());
        double[] mixed = output.host().values();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (1 - alpha) * state[i] + alpha * estimate[i];
        }
        return output.host().push();
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        double[] dz = new HostValues(outputGradient).pull();
        stateGradient.matrix(outputGradient.rows());
        estimateGradient.matrix(outputGradient.rows());
        double[] toState = stateGradient.host().values();
        double[] toEstimate = estimateGradient.host().values();
        double along = 0;
        for (int i = 0; i < dz.length; i++) {
            toState[i] = (1 - alpha) * dz[i];
            toEstimate[i] = alpha * dz[i];
            along += dz[i] * (estimate[i] - state[i]);
        }
        HostValues gradient = new HostValues(gradient(WEIGHT));
        gradient.values()[0] = along * (1 - alpha * alpha);
        gradient.push();
        return new INDArray[] {
            stateGradient.host().push(), estimateGradient.host().push()
        };
    }

    @Override
    long activationBytes() {
        return output.bytes() + stateGradient.bytes() + estimateGradient.bytes();
    }

    @Override
    public void close() {
        output.close();
        stateGradient.close();
        estimateGradient.close();
    }
}

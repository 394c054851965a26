package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Hands its input on, and keeps the gradient that comes back: what a network's input gets of it. */
final class Tap extends Unit {
    private static final INDArray[] NOTHING_FURTHER = {null};

    private INDArray gradient;

    /** A tap behind an input of the network. */
    Tap(String name) {
        super(name, List.of());
    }

    @Override
    int inputs() {
        return 1;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        return in[0];
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        gradient = outputGradient;
        return NOTHING_FURTHER;
    }

    /** The gradient of the last backward pass, in memory of the unit that it came from. */
    INDArray gradient() {
        return gradient;
    }

    @Override
    long activationBytes() {
        return 0;
    }

    /** Nothing is its own. */
    @Override
    public void close() {}
}

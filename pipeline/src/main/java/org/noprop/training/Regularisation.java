package org.noprop.training;

import java.io.Serializable;

/**
 * What keeps a network of many weights from learning its training rows by heart.
 *
 * @param inputDropout probability that a component of an image embedding is dropped in training, in [0, 1)
 * @param labelNoise probability that a row has a label drawn at random for an epoch, in [0, 1)
 * @param warmUp share of the steps in which the learning rate rises to where its schedule begins, in [0, 1)
 * @param patience epochs to wait for a higher accuracy on validation rows before training stops, or 0 to train to the
 *     last
 */
public record Regularisation(double inputDropout, double labelNoise, double warmUp, int patience)
        implements Serializable {
    /** None at all, as in the paper. */
    public static final Regularisation NONE = new Regularisation(0, 0, 0, 0);

    /**
     * The factor of the learning rate.
     *
     * @param step steps done before this one, 0 … steps-1
     * @param steps how many there are in all epochs
     */
    double warmUp(long step, long steps) {
        double rising = warmUp * steps;
        return step + 1 < rising ? (step + 1) / rising : 1;
    }
}

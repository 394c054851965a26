package org.noprop.training;

/** How the learning rate changes over training: a factor of the configured rate for each step. */
public enum LearningRateSchedule {
    /** The same at every step, as in the paper. */
    CONSTANT {
        @Override
        double factor(long step, long steps) {
            return 1;
        }
    },
    /** From the configured rate down to 0 along half a cosine wave (Loshchilov and Hutter, arXiv 1608.03983, Equation 5). */
    COSINE {
        @Override
        double factor(long step, long steps) {
            return (1 + Math.cos(Math.PI * step / steps)) / 2;
        }
    };

    /**
     * The factor, in [0, 1].
     *
     * @param step steps done before this one, 0 … steps-1
     * @param steps how many there are in all epochs
     */
    abstract double factor(long step, long steps);
}

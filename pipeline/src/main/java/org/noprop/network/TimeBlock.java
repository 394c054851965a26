package org.noprop.network;

import org.noprop.diffusion.ContinuousSchedule;

/**
 * One block of NoProp-CT or NoProp-FM, in continuous time: one network for all t in [0, 1], or for those of
 * an interval, that is told t. There is no batch norm in it.
 */
public interface TimeBlock extends SharingNetwork {

    /**
     * One optimiser step on the block's objective, a mean over the batch's rows. NoProp-CT (Equations 9 and
     * 62): -log p̂_θout(y | z_1) + KL(q(z_0 | y) ‖ N(0, I)) + {@code weight} · ½ η SNR'(t) ‖û_θ(z_t, x, t) -
     * u_y‖², z_t = √ᾱ(t) u_y + √(1-ᾱ(t)) ε. NoProp-FM (Equations 12 and 13): {@code weight} · ‖v_θ(z_t, x, t)
     * - (u_y - z_0)‖², z_t = t u_y + (1-t) z_0 + σ ε, and with trainable label embeddings {@code weight} times the
     * anchor term -log p̂_θout(y | z̃_1), z̃_1 = z_t + (1-t) v_θ.
     *
     * <p>The gradient is that of the whole expression, through z_t, u_y, û, and for a trained schedule
     * through SNR'(t) and ᾱ(t).
     *
     * @param batch at least 1 row
     * @param weight B times the length of the interval that t was drawn from uniformly, of B intervals; 1
     *     for one network over all of [0, 1]. The mean of B blocks' losses is then the objective whose E_t
     *     goes over [0, 1]
     */
    LossTerms trainStep(TimeBatch batch, double weight);

    /**
     * What a step of the sampler needs, in inference mode from the features of {@link #encodeImages}: û, a
     * convex combination of label embeddings, of NoProp-CT; the velocity v of NoProp-FM.
     *
     * @param rows how many rows
     * @param features rows × {@link #featureWidth}
     * @param noisedLabels z_t, rows × d
     * @param time t, in [0, 1], the same for all rows
     * @param output receives rows × d values
     * @param probabilities receives what the network says of the classes, rows × classes: the softmax of its
     *     logits for NoProp-CT, what {@link #reader} says of z̃_1 = z_t + (1-t) v for NoProp-FM; null where
     *     not wanted
     */
    void estimate(int rows, float[] features, float[] noisedLabels, double time, float[] output, float[] probabilities);

    /**
     * The noise schedule as it is now: γ(t) of NoProp-CT, a value of its own that does not follow later steps.
     *
     * @throws UnsupportedOperationException if the block is of NoProp-FM, which has none
     */
    ContinuousSchedule schedule();
}

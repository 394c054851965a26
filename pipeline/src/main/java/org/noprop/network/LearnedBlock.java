package org.noprop.network;

/**
 * One block of NoProp-DT that trains its label embeddings, in discrete time: one pass of Algorithm 1 of
 * arXiv 2503.24322v2.
 */
public interface LearnedBlock extends Denoiser, SharingNetwork {

    /**
     * One optimiser step on Equation 8, a mean over the batch's rows: -log p̂_θout(y | z_T) + KL(q(z_0 | y)
     * ‖ N(0, I)) + {@code weight} ‖û_θt(z_{t-1}, x) - u_y‖², batch norm using the batch's own statistics.
     *
     * <p>The gradient is that of the whole expression. W_Embed gets it through the target u_y, through û =
     * softmax(logits) W_Embed, through z_{t-1} = √ᾱ_{t-1} u_y + √(1-ᾱ_{t-1}) ε, through z_T likewise, and
     * through the KL term; hence the batch brings noise instead of noised labels.
     *
     * @param batch at least 2 rows
     */
    LossTerms trainStep(NoiseBatch batch);
}

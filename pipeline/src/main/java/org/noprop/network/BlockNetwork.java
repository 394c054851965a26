package org.noprop.network;

/**
 * One block over fixed label embeddings: a denoising network that recovers a label embedding from its
 * noised form and an image embedding, together with its optimiser. Back-propagation happens inside it and
 * nowhere else, and it shares nothing with other blocks.
 */
public interface BlockNetwork extends Denoiser {

    /**
     * One optimiser step on {@code lossWeight} · mean over rows of ‖û - u_y‖², a sum over the d
     * components (the block term of Equation 8), batch norm using the batch's own statistics.
     *
     * @param batch at least 2 rows
     * @param lossWeight (T/2) η (SNR(t) - SNR(t-1)), positive
     * @return the mean over rows of ‖û - u_y‖² before the step, without the weight
     */
    double trainStep(BlockBatch batch, double lossWeight);
}

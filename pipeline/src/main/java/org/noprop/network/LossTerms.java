package org.noprop.network;

/**
 * The terms of an objective for one batch, means over its rows, before the step.
 *
 * @param head -log p̂(y | z_T) in nats, or the anchor term of NoProp-FM with its weight; 0 where there is none
 * @param kl KL(q(z_0 | y) ‖ N(0, I)) in nats; 0 where the objective has none
 * @param error the squared error without any weight, a sum over the d components
 * @param denoising the squared error with its weights
 */
public record LossTerms(double head, double kl, double error, double denoising) {

    /** The loss that the step goes down: head + kl + denoising. */
    public double total() {
        return head + kl + denoising;
    }
}

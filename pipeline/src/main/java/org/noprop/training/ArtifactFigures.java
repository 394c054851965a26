package org.noprop.training;

/** Names of the figures that training writes into metrics.jsonl and state.json. */
public final class ArtifactFigures {
    /** Mean over rows of ‖û - u_y‖², a sum over d, on the training rows. */
    public static final String SQUARED_ERROR = "squared-error";
    /** Mean of -log p(y | …) in nats on the training rows. */
    public static final String CROSS_ENTROPY = "cross-entropy";
    /** KL(q(z_0 | y) ‖ N(0, I)) in nats, mean over the training rows. */
    public static final String KL_TO_PRIOR = "kl-to-prior";
    /** The squared error with the weights of the objective, mean over the training rows. */
    public static final String DENOISING = "denoising";
    /** Share of held-out rows classified right, from z ~ N(0, I). */
    public static final String VALIDATION_ACCURACY = "validation-accuracy";
    /** The epoch whose weights were kept, where training stops early. */
    public static final String BEST_EPOCH = "best-epoch";
    /** Wall-clock of all training steps. */
    public static final String SECONDS = "seconds";

    private ArtifactFigures() {}
}

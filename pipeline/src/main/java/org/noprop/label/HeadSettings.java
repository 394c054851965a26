package org.noprop.label;

import java.io.Serializable;

/** Which head reads the class from z_T. */
public sealed interface HeadSettings extends Serializable {

    /** p̂(y | z) = softmax(z W + b) (Equation 14 of arXiv 2503.24322v2). */
    record Linear() implements HeadSettings {}

    /**
     * p̂(y | z) ∝ exp(-‖ỹ - u_y‖² / 2σ²), ỹ = softmax(z W + b) W_Embed: how probable the label embedding is
     * that the head recovers (Equations 15 and 16).
     *
     * @param sigma σ, positive
     */
    record Posterior(double sigma) implements HeadSettings {
        /**
         * Checks σ.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Posterior {
            if (!(sigma > 0)) {
                throw new IllegalArgumentException("A posterior head needs a positive σ, got " + sigma);
            }
        }
    }
}

package org.noprop.label;

import java.io.Serializable;

/** Which head reads the class from z_T. */
public sealed interface HeadSettings extends Serializable {

    /**
     * An untrained head over fixed label embeddings.
     *
     * @param learningRate AdamW's, positive
     * @param weightDecay AdamW's, at least 0
     */
    Head head(LabelEmbedding labels, double learningRate, double weightDecay);

    /** p̂(y | z) = softmax(z W + b) (Equation 14 of arXiv 2503.24322v2). */
    record Linear() implements HeadSettings {
        @Override
        public Head head(LabelEmbedding labels, double learningRate, double weightDecay) {
            return new LinearHead(labels.width(), labels.classes(), learningRate, weightDecay);
        }
    }

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

        @Override
        public Head head(LabelEmbedding labels, double learningRate, double weightDecay) {
            return new PosteriorHead(labels, sigma, learningRate, weightDecay);
        }
    }
}

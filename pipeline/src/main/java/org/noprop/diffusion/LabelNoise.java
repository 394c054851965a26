package org.noprop.diffusion;

import java.util.SplittableRandom;

/** Noise on label embeddings: q(z_t | y) = N(√ᾱ_t u_y, (1-ᾱ_t) I) (Equation 5). */
public final class LabelNoise {
    private LabelNoise() {}

    /**
     * Draws z ~ N(√ᾱ u, (1-ᾱ) I) for one row.
     *
     * @param alphaBar ᾱ of the step, in [0, 1); 0 draws from the prior N(0, I) whatever u is
     * @param labelEmbedding u_y, d values
     * @param key the address of the draw
     * @param into receives z
     * @param offset where z's first component goes
     */
    public static void draw(double alphaBar, float[] labelEmbedding, NoiseKey key, float[] into, int offset) {
        double signal = Math.sqrt(alphaBar);
        double noise = Math.sqrt(1 - alphaBar);
        SplittableRandom random = key.generator();
        for (int i = 0; i < labelEmbedding.length; i++) {
            into[offset + i] = (float) (signal * labelEmbedding[i] + noise * random.nextGaussian());
        }
    }

    /**
     * Fills a range with standard normal noise.
     *
     * @param key the address of the draw
     * @param into receives the noise
     * @param offset where it starts
     * @param length how many values
     */
    public static void standard(NoiseKey key, float[] into, int offset, int length) {
        SplittableRandom random = key.generator();
        for (int i = offset; i < offset + length; i++) {
            into[i] = (float) random.nextGaussian();
        }
    }
}

package org.noprop.embedding;

/**
 * The two-sided threshold: max(0, r - θ) and max(0, -r - θ).
 *
 * @param threshold θ, at least 0
 */
public record ThresholdEncoding(float threshold) implements Encoding {

    @Override
    public boolean isByAtom() {
        return true;
    }

    /** max(0, u) = (u + |u|)/2 without rounding, and a sum that the JIT compiler turns into vector instructions. */
    @Override
    public void add(float[] responses, int atoms, float[] up, float[] down) {
        float t = threshold;
        for (int i = 0; i < atoms; i++) {
            float above = responses[i] - t;
            up[i] += 0.5f * (above + Math.abs(above));
            float below = responses[i] + t;
            down[i] += 0.5f * (Math.abs(below) - below);
        }
    }
}

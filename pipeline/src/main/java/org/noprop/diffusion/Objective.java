package org.noprop.diffusion;

/**
 * The weights and the closed-form term of the NoProp-DT objective (Equation 8 of arXiv 2503.24322v2):
 * E[-log p̂(y | z_T)] + KL(q(z_0 | y) ‖ N(0, I)) + (T/2) η E_t[(SNR(t) - SNR(t-1)) ‖û_t - u_y‖²].
 */
public final class Objective {
    private Objective() {}

    /**
     * The weight of block t's squared error ‖û_t - u_y‖² (a sum over the d components) in its own
     * loss: (T/2) η min(SNR(t) - SNR(t-1), cap).
     *
     * <p>Without a cap the last weight is four orders above the others. Where a block is trained alone
     * by an Adam-type optimiser the weight only scales its loss, so that the cap changes nothing but
     * rounding; it matters where blocks share parameters.
     *
     * @param schedule the noise schedule
     * @param t 1 … T
     * @param eta η, positive
     * @param cap the largest SNR gain that counts, positive; infinite for none
     */
    public static double blockWeight(NoiseSchedule schedule, int t, double eta, double cap) {
        return schedule.steps() / 2.0 * eta * Math.min(schedule.snrGain(t), cap);
    }

    /**
     * KL(q(z_0 | y) ‖ N(0, I)) = ½[ᾱ_0‖u_y‖² - d ᾱ_0 - d log(1-ᾱ_0)].
     *
     * @param alphaBar0 ᾱ_0, in (0, 1)
     * @param labelEmbedding u_y, d values
     */
    public static double klToPrior(double alphaBar0, float[] labelEmbedding) {
        double squaredNorm = 0;
        for (float component : labelEmbedding) {
            squaredNorm += (double) component * component;
        }
        int d = labelEmbedding.length;
        return (alphaBar0 * squaredNorm - d * alphaBar0 - d * Math.log1p(-alphaBar0)) / 2;
    }
}

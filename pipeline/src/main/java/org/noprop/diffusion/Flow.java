package org.noprop.diffusion;

/** The ordinary differential equation that z follows in inference: dz/dt from what a network estimates. */
@FunctionalInterface
public interface Flow {

    /**
     * Turns estimates into slopes.
     *
     * @param t in [0, 1]
     * @param z n rows of d components
     * @param estimate what the network says on entry, dz/dt on return
     * @param length n·d, how many values of each array count
     */
    void slope(double t, float[] z, float[] estimate, int length);

    /**
     * NoProp-CT: the probability-flow equation dz/dt = ᾱ'/(2(1-ᾱ)) (û/√ᾱ - z), along which z has the
     * marginals q(z_t | y) of the noising process. As ᾱ' = -γ' ᾱ (1-ᾱ), it is dz/dt = -γ'/2 (√ᾱ û - ᾱ z), in
     * which nothing is divided by.
     */
    static Flow probability(ContinuousSchedule schedule) {
        return (t, z, estimate, length) -> {
            double speed = -schedule.gammaSlope(t) / 2;
            double alphaBar = schedule.alphaBar(t);
            double gain = speed * Math.sqrt(alphaBar);
            double loss = speed * alphaBar;
            for (int i = 0; i < length; i++) {
                estimate[i] = (float) (gain * estimate[i] - loss * z[i]);
            }
        };
    }

    /** NoProp-FM: dz/dt = v. */
    static Flow velocity() {
        return (t, z, estimate, length) -> {};
    }
}

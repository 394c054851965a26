package org.noprop.diffusion;

/**
 * Inference in continuous time, one step after another, on plain arrays of n rows of d components. It knows
 * neither labels nor networks.
 *
 * <p>An instance holds scratch arrays: it belongs to one thread.
 */
public sealed interface TimeSampler permits TimeSampler.Euler, TimeSampler.Heun, TimeSampler.Ancestral {

    /**
     * Replaces z at one time by z at a later one.
     *
     * @param estimator û or v, asked at times from {@code from} to {@code to}
     * @param from in [0, 1)
     * @param to after {@code from}, at most 1
     * @param z z at {@code from} on entry, z at {@code to} on return
     * @param noise ε, standard normal, for a sampler that is {@link #noisy}; null leaves the noise out
     * @param length n·d, how many values of each array count
     */
    void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length);

    /** Whether a step adds fresh noise. */
    boolean noisy();

    /** Time i of a grid of {@code steps} even steps: i/steps, exactly 0 and 1 at its ends. */
    static double time(int i, int steps) {
        return i / (double) steps;
    }

    /** What a sampler in continuous time asks at each step: û(z, t) of NoProp-CT, the velocity v(z, t) of NoProp-FM. */
    @FunctionalInterface
    interface Estimator {

        /**
         * Estimates for all rows at once.
         *
         * @param t in [0, 1], the same for all rows
         * @param z n rows of d components; not changed
         * @param output receives as many values
         */
        void estimate(double t, float[] z, float[] output);
    }

    /** The ordinary differential equation that z follows in inference: dz/dt from what a network estimates. */
    @FunctionalInterface
    interface Flow {

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

    /** Euler's method: z ← z + (to - from) dz/dt, the slope at {@code from}. The paper's, with 1000 steps. */
    final class Euler implements TimeSampler {
        private final Flow flow;
        private float[] slope = {};

        /** Euler's method along a flow. */
        public Euler(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
            if (slope.length < length) {
                slope = new float[length];
            }
            estimator.estimate(from, z, slope);
            flow.slope(from, z, slope, length);
            for (int i = 0; i < length; i++) {
                z[i] = (float) (z[i] + (to - from) * slope[i]);
            }
        }

        @Override
        public boolean noisy() {
            return false;
        }
    }

    /**
     * Heun's method, of second order: z ← z + (to - from)(s + s')/2, s the slope at {@code from} and s' the slope
     * where a step of Euler's method ends. It asks for two estimates a step.
     */
    final class Heun implements TimeSampler {
        private final Flow flow;
        private float[] first = {};
        private float[] second = {};
        private float[] reached = {};

        /** Heun's method along a flow. */
        public Heun(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
            if (first.length < length) {
                first = new float[length];
                second = new float[length];
                reached = new float[length];
            }
            estimator.estimate(from, z, first);
            flow.slope(from, z, first, length);
            for (int i = 0; i < length; i++) {
                reached[i] = (float) (z[i] + (to - from) * first[i]);
            }
            estimator.estimate(to, reached, second);
            flow.slope(to, reached, second, length);
            for (int i = 0; i < length; i++) {
                z[i] = (float) (z[i] + (to - from) / 2 * ((double) first[i] + second[i]));
            }
        }

        @Override
        public boolean noisy() {
            return false;
        }
    }

    /**
     * NoProp-CT as a chain of as many noisy steps as are made: z_s drawn from q(z_s | z_t, u) with û(z_t, t) in
     * the place of u, s after t, which is Equation 3 of arXiv 2503.24322v2 with ᾱ(t) and ᾱ(s) for ᾱ_{t-1} and
     * ᾱ_t.
     */
    final class Ancestral implements TimeSampler {
        private final ContinuousSchedule schedule;
        private float[] estimate = {};

        /** A chain under a schedule. */
        public Ancestral(ContinuousSchedule schedule) {
            this.schedule = schedule;
        }

        @Override
        public void step(Estimator estimator, double from, double to, float[] z, float[] noise, int length) {
            if (estimate.length < length) {
                estimate = new float[length];
            }
            estimator.estimate(from, z, estimate);
            new SamplingChain(NoiseSchedule.of(schedule.alphaBar(from), schedule.alphaBar(to)))
                    .step(1, estimate, z, noise, length);
        }

        @Override
        public boolean noisy() {
            return true;
        }
    }
}

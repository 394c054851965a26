package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.NoiseKey.Purpose;

class SamplingChainTest {
    private static final int ROWS = 40_000;
    private static final float LABEL = 1.5f;
    private final NoiseSchedule schedule = NoiseSchedule.cosine(10);
    private final SamplingChain chain = new SamplingChain(schedule);

    /**
     * With û = u_y the chain from z_0 ~ q(z_0 | y) has exactly the marginals q(z_t | y), at every step:
     * this fails if a, b or c is that of another step, if √ᾱ is ᾱ or if noise is left out or doubled.
     */
    @Test
    void withAPerfectDenoiserEveryStepHasTheMarginalsOfTheNoisedLabel() {
        float[] z = new float[ROWS];
        float[] noise = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            LabelNoise.draw(
                    schedule.alphaBar(0),
                    new float[] {LABEL},
                    NoiseKey.of(1, Purpose.CHAIN_START).at(row),
                    z,
                    row);
        }
        for (int t = 1; t <= 10; t++) {
            LabelNoise.standard(NoiseKey.of(1, Purpose.CHAIN_STEP).at(t), noise, 0, ROWS);
            chain.step(t, filled(LABEL), z, noise, ROWS);
            Moments moments = Moments.of(z);
            double variance = 1 - schedule.alphaBar(t);
            assertThat(moments.mean())
                    .as("mean after step %d", t)
                    .isCloseTo(Math.sqrt(schedule.alphaBar(t)) * LABEL, within(4 * Math.sqrt(variance / ROWS) + 1e-6));
            assertThat(moments.variance())
                    .as("variance after step %d", t)
                    .isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / ROWS)));
        }
    }

    @Test
    void aStepIsAWeightedSumOfOutputInputAndNoise() {
        NoiseSchedule.Coefficients k = schedule.coefficients(4);
        float[] z = {0.5f};
        chain.step(4, new float[] {2}, z, new float[] {-1}, 1);
        assertThat(z[0]).isCloseTo((float) (2 * k.a() + 0.5 * k.b() - Math.sqrt(k.c())), within(1e-6f));
    }

    @Test
    void withoutNoiseAStepIsItsMean() {
        NoiseSchedule.Coefficients k = schedule.coefficients(4);
        float[] z = {0.5f};
        chain.step(4, new float[] {2}, z, null, 1);
        assertThat(z[0]).isCloseTo((float) (2 * k.a() + 0.5 * k.b()), within(1e-6f));
    }

    /** The mistake: z_{T-1} handed to the head. What the last block says makes up nearly all of z_T. */
    @Test
    void theLastBlocksOutputIsNotDiscarded() {
        float[] z = {1};
        chain.step(10, new float[] {-1}, z, null, 1);
        assertThat(z[0]).isCloseTo(-1, within(0.001f));
    }

    @Test
    void valuesBeyondTheLengthStay() {
        float[] z = {1, 1};
        chain.step(1, new float[] {0, 0}, z, null, 1);
        assertThat(z[0]).isNotEqualTo(1);
        assertThat(z[1]).isEqualTo(1);
    }

    private static float[] filled(float value) {
        float[] filled = new float[ROWS];
        Arrays.fill(filled, value);
        return filled;
    }
}

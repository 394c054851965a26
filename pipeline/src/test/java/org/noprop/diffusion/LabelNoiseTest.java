package org.noprop.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.diffusion.NoiseKey.Purpose;

class LabelNoiseTest {
    private static final int ROWS = 40_000;
    private static final float[] LABEL = {0, 1, -2.5f};

    /** Four standard errors of a mean and of a variance over ROWS draws. */
    private static final double MEAN_ERROR = 4 / Math.sqrt(ROWS);

    private static final double VARIANCE_ERROR = 4 * Math.sqrt(2.0 / ROWS);

    /** The mistake: ᾱ u in place of √ᾱ u, or a deviation of 1-ᾱ in place of a variance. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-5, 0.094046, 0.5, 0.9, 0.99999})
    void noisedLabelsHaveMeanRootAlphaBarTimesTheLabelAndVarianceOneMinusAlphaBar(double alphaBar) {
        for (int i = 0; i < LABEL.length; i++) {
            Moments moments = Moments.of(component(alphaBar, i));
            double deviation = Math.sqrt(1 - alphaBar);
            assertThat(moments.mean()).isCloseTo(Math.sqrt(alphaBar) * LABEL[i], within(MEAN_ERROR * deviation + 1e-6));
            assertThat(moments.variance()).isCloseTo(1 - alphaBar, within(VARIANCE_ERROR * (1 - alphaBar) + 1e-9));
        }
    }

    @Test
    void componentsOfTheNoiseAreUncorrelated() {
        float[] first = component(0.3, 0);
        float[] second = component(0.3, 1);
        double meanOfSecond = Moments.of(second).mean();
        double covariance = 0;
        for (int row = 0; row < ROWS; row++) {
            covariance += first[row] * (second[row] - meanOfSecond) / ROWS;
        }
        assertThat(covariance).isCloseTo(0, within(MEAN_ERROR));
    }

    @Test
    void alphaBarZeroDrawsTheSameAsStandardNoise() {
        NoiseKey key = NoiseKey.of(3, Purpose.CHAIN_START);
        float[] drawn = new float[3];
        float[] standard = new float[3];
        LabelNoise.draw(0, LABEL, key, drawn, 0);
        LabelNoise.standard(key, standard, 0, 3);
        assertThat(drawn).containsExactly(standard);
    }

    @Test
    void onlyTheWantedRangeIsWritten() {
        float[] into = new float[5];
        LabelNoise.draw(0.5, new float[] {1, 1}, NoiseKey.of(1, Purpose.BLOCK_INPUT), into, 2);
        assertThat(into[0]).isZero();
        assertThat(into[1]).isZero();
        assertThat(into[2]).isNotZero();
        assertThat(into[3]).isNotZero();
        assertThat(into[4]).isZero();
        float[] standard = new float[3];
        LabelNoise.standard(NoiseKey.of(1, Purpose.BLOCK_INPUT), standard, 1, 1);
        assertThat(standard[0]).isZero();
        assertThat(standard[1]).isNotZero();
        assertThat(standard[2]).isZero();
    }

    private static float[] component(double alphaBar, int component) {
        float[] values = new float[ROWS];
        float[] z = new float[LABEL.length];
        NoiseKey key = NoiseKey.of(11, Purpose.BLOCK_INPUT);
        for (int row = 0; row < ROWS; row++) {
            LabelNoise.draw(alphaBar, LABEL, key.at(row), z, 0);
            values[row] = z[component];
        }
        return values;
    }
}

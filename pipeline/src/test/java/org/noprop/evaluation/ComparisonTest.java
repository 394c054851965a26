package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void aLittleBelowTheBaselineIsWithinTheMargin() {
        Comparison comparison = new Comparison(0.9712, 0.9789, 1);
        assertThat(comparison.differencePoints()).isCloseTo(-0.77, within(1e-9));
        assertThat(comparison.passed()).isTrue();
        assertThat(comparison.verdict())
                .isEqualTo(
                        "NoProp 97.12 %, baseline 97.89 %: NoProp is 0.77 points below, within the margin of 1 point");
    }

    @Test
    void moreThanTheMarginBelowFails() {
        Comparison comparison = new Comparison(0.95, 0.9789, 0.5);
        assertThat(comparison.passed()).isFalse();
        assertThat(comparison.verdict())
                .isEqualTo("NoProp 95.00 %, baseline 97.89 %: NoProp is 2.89 points below, beyond the margin of"
                        + " 0.50 points");
    }

    @Test
    void aboveTheBaselinePasses() {
        Comparison comparison = new Comparison(0.98, 0.95, 0);
        assertThat(comparison.passed()).isTrue();
        assertThat(comparison.verdict())
                .isEqualTo("NoProp 98.00 %, baseline 95.00 %: NoProp is 3.00 points above the baseline");
    }

    @Test
    void exactlyTheMarginPassesWhateverTheRounding() {
        assertThat(new Comparison(0.97, 0.98, 1).passed()).isTrue();
        assertThat(new Comparison(0.96999, 0.98, 1).passed()).isFalse();
    }
}

package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ValidationCutTest {

    @Test
    void aboutTheFractionIsSetAside() {
        assertThat(new ValidationCut(0.1).count(100_000)).isBetween(9_700L, 10_300L);
        assertThat(new ValidationCut(0).count(100_000)).isZero();
    }

    @Test
    void whatIsCountedIsWhatIsHeld() {
        ValidationCut cut = new ValidationCut(0.3);
        assertThat(cut.count(500))
                .isEqualTo(LongStream.range(0, 500).filter(cut::holds).count());
    }

    @Test
    void aLargerFractionHoldsWhatASmallerOneHolds() {
        ValidationCut small = new ValidationCut(0.1);
        ValidationCut large = new ValidationCut(0.2);
        assertThat(LongStream.range(0, 1_000).filter(small::holds).allMatch(large::holds))
                .isTrue();
    }
}

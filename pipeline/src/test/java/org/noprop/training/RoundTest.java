package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTest {
    @Test
    void roundsCoverAllEpochsAndTheLastHasWhatIsLeft() {
        assertThat(Round.each(7, 3))
                .containsExactly(new Round(1, 3, 0, 3), new Round(2, 3, 3, 6), new Round(3, 3, 6, 7));
        assertThat(Round.each(7, 3)).extracting(Round::isLast).containsExactly(false, false, true);
    }

    @Test
    void roundsAsLongAsTrainingAreOne() {
        assertThat(Round.each(4, 9)).containsExactly(Round.whole(4));
    }

    @Test
    void aRoundIsNamedUnlessItIsAll() {
        assertThat(Round.each(10, 2).get(1).label()).isEqualTo("round 2/5");
        assertThat(Round.whole(10).label()).isEmpty();
    }
}

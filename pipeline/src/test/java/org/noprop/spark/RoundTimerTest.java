package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.noprop.spark.RoundTimer.Times;

/** What counts of the rounds that were timed. */
class RoundTimerTest {
    @Test
    void theFirstRoundWarmsUpAndOneSlowRoundIsPassedOver() {
        List<Times> rounds = List.of(
                new Times(90, 80),
                new Times(1, 6),
                new Times(70, 5),
                new Times(2, 60),
                new Times(3, 4),
                new Times(1, 5));

        assertThat(Times.ofWarm(rounds)).isEqualTo(new Times(2, 5));
    }

    @Test
    void ofAnEvenNumberTheMiddleTwoCount() {
        assertThat(Times.ofWarm(List.of(new Times(9, 9), new Times(1, 4), new Times(3, 2))))
                .isEqualTo(new Times(2, 3));
    }

    @Test
    void aRoundAloneCounts() {
        assertThat(Times.ofWarm(List.of(new Times(9, 8)))).isEqualTo(new Times(9, 8));
    }
}

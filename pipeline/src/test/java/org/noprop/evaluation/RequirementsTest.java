package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RequirementsTest {
    private static final OptionalDouble ANY = OptionalDouble.empty();
    private static final Optional<MemoryPair> NOT_MEASURED = Optional.empty();
    private static final EvaluationResult RESULT = MetricsTest.result(true);
    private static final EvaluationResult WITHOUT_BASELINE = MetricsTest.result(false);

    @Test
    void nothingRequiredIsNeverMissed() {
        assertThat(Requirements.NONE.missed(WITHOUT_BASELINE, NOT_MEASURED)).isEmpty();
    }

    @Test
    void anAccuracyBelowTheBoundIsMissedAndOneAtTheBoundIsNot() {
        assertThat(accuracy(75).missed(RESULT, NOT_MEASURED)).isEmpty();
        assertThat(accuracy(75.5).missed(RESULT, NOT_MEASURED))
                .containsExactly("accuracy is 75.00 % where at least 75.5 % is required");
    }

    @Test
    void aBaselineThatIsTooFarAboveIsMissed() {
        Requirements atMost2 = new Requirements(ANY, OptionalDouble.of(2), ANY);
        assertThat(atMost2.missed(RESULT, NOT_MEASURED)).isEmpty();
        assertThat(atMost2.missed(MetricsTest.result(new Comparison(0.75, 0.77, 1)), NOT_MEASURED))
                .isEmpty();
        assertThat(atMost2.missed(MetricsTest.result(new Comparison(0.75, 0.771, 1)), NOT_MEASURED))
                .containsExactly("NoProp is 2.10 points below the baseline where at most 2 are allowed");
        assertThat(atMost2.missed(WITHOUT_BASELINE, NOT_MEASURED))
                .containsExactly("there is no baseline to be at most 2 points below (run train-baseline)");
    }

    @Test
    void aBlockThatTakesTooMuchMemoryIsMissed() {
        Requirements atMostAQuarter = new Requirements(ANY, ANY, OptionalDouble.of(0.25));
        assertThat(atMostAQuarter.missed(RESULT, Optional.of(pair(25)))).isEmpty();
        assertThat(atMostAQuarter.missed(RESULT, Optional.of(pair(26))))
                .containsExactly("training a block takes 0.260 of the baseline's memory where at most 0.25 is allowed");
        assertThat(atMostAQuarter.missed(RESULT, NOT_MEASURED))
                .containsExactly(
                        "no memory was measured to be at most 0.25 of the baseline's (run measure with this --run-id)");
    }

    @Test
    void memoryCountsAtTheRunsOwnNumberOfBlocks() {
        MemoryComparison measured = new MemoryComparison(128, 4, List.of(pair(30, 2), pair(20, 10)));
        assertThat(measured.at(10)).contains(pair(20, 10));
        assertThat(measured.at(40)).isEmpty();
    }

    @Test
    void allThatIsMissedIsNamed() {
        Requirements everything = new Requirements(OptionalDouble.of(99), OptionalDouble.of(0), OptionalDouble.of(0.1));
        assertThat(everything.missed(WITHOUT_BASELINE, NOT_MEASURED)).hasSize(3);
    }

    private static Requirements accuracy(double percent) {
        return new Requirements(OptionalDouble.of(percent), ANY, ANY);
    }

    private static MemoryPair pair(long blockBytes) {
        return pair(blockBytes, 10);
    }

    private static MemoryPair pair(long blockBytes, int blocks) {
        return new MemoryPair(
                blocks, SubjectMemory.of(blockBytes, 0, 1, Map.of()), SubjectMemory.of(100, 0, 1, Map.of()));
    }
}

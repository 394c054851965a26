package org.noprop.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;

class MemoryComparisonTest {
    private static final SubjectMemory BLOCK =
            SubjectMemory.of(80_000_000, 20_000_000, 3_000_000, parts("weights", 50_000_000, "batch", 40_000_000));
    private static final SubjectMemory BASELINE =
            SubjectMemory.of(700_000_000, 100_000_000, 3_000_000, parts("weights", 700_000_000, "batch", 60_000_000));
    private static final MemoryComparison COMPARISON =
            new MemoryComparison(128, 4, List.of(new MemoryPair(10, BLOCK, BASELINE)));

    @Test
    void nativeMemoryAndHeapCountTogether() {
        assertThat(BLOCK.measuredBytes()).isEqualTo(100_000_000);
        assertThat(BLOCK.accountedBytes()).isEqualTo(90_000_000);
        assertThat(BLOCK.accountedShare()).isCloseTo(.9, within(1e-12));
        assertThat(COMPARISON.pairs().get(0).ratio()).isCloseTo(.125, within(1e-12));
    }

    @Test
    void theTableHasALineForEachSubject() {
        assertThat(COMPARISON.table())
                .isEqualTo(
                        """
                        training       T  native peak         heap             together accounted for     ratio
                        one block     10      80.0 MB      20.0 MB             100.0 MB          90 %     0.125
                        baseline      10     700.0 MB     100.0 MB             800.0 MB          95 %         1
                        """);
    }

    @Test
    void severalProcessesAreTheirMeanWithTheirDeviation() {
        SubjectMemory twice = SubjectMemory.mean(List.of(
                SubjectMemory.of(80_000_000, 0, 1, Map.of()), SubjectMemory.of(84_000_000, 2_000_000, 1, Map.of())));
        assertThat(twice.measuredBytes()).isEqualTo(83_000_000);
        assertThat(twice.runs()).containsExactly(80_000_000L, 86_000_000L);
        assertThat(twice.deviation()).isCloseTo(Math.sqrt(18e12), within(1.0));
        assertThat(new MemoryComparison(128, 4, List.of(new MemoryPair(10, twice, BASELINE))).table())
                .contains("       83.0 ± 4.2 MB");
    }

    @Test
    void onAGpuItsMemoryIsWhatCounts() {
        SubjectMemory onDevice = SubjectMemory.of(500_000_000, 20_000_000, 90_000_000, 1, Map.of());
        assertThat(onDevice.measuredBytes()).isEqualTo(90_000_000);
        assertThat(onDevice.runs()).containsExactly(90_000_000L);
    }

    @Test
    void theJsonHasEveryFigureUnderItsName() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(FigureJson.text(COMPARISON)))
                .isEqualTo(
                        mapper.readTree(
                                """
                                {"batch-size": 128, "steps": 4, "pairs": [{
                                  "blocks": 10,
                                  "block": {"native-bytes": 80000000, "heap-bytes": 20000000, "device-bytes": 0, "data-bytes": 3000000,
                                    "runs": [100000000], "deviation": 0.0,
                                    "accounted": {"weights": 50000000, "batch": 40000000}, "accounted-share": 0.9},
                                  "baseline": {"native-bytes": 700000000, "heap-bytes": 100000000,
                                    "device-bytes": 0, "data-bytes": 3000000, "runs": [800000000], "deviation": 0.0,
                                    "accounted": {"weights": 700000000, "batch": 60000000}, "accounted-share": 0.95},
                                  "ratio": 0.125
                                }], "variants": [], "batches": []}
                                """));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(FigureJson.read(
                        FigureJson.text(COMPARISON),
                        MemoryComparison.class,
                        "memory.json",
                        "it holds no memory figures; run measure again"))
                .isEqualTo(COMPARISON);
        assertThat(FigureJson.read(
                        FigureJson.line(BLOCK),
                        SubjectMemory.class,
                        "figures.json",
                        "it holds no memory figures; run measure again"))
                .isEqualTo(BLOCK);
        assertThat(FigureJson.line(BLOCK)).doesNotContain("\n");
    }

    @Test
    void figuresOfAnEarlierVersionHaveThePairsAlone() {
        assertThat(FigureJson.read(
                        "{\"batch-size\": 128, \"steps\": 4, \"pairs\": []}",
                        MemoryComparison.class,
                        "memory.json",
                        "it holds no memory figures; run measure again"))
                .isEqualTo(new MemoryComparison(128, 4, List.of()));
    }

    @Test
    void anotherFileIsNamed() {
        assertThatThrownBy(() -> FigureJson.read(
                        "{\"pairs\": 3}",
                        MemoryComparison.class,
                        "profile/memory.json",
                        "it holds no memory figures; run measure again"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read profile/memory.json: it holds no memory figures; run measure again");
    }

    private static Map<String, Long> parts(String first, long bytes, String second, long others) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put(first, bytes);
        parts.put(second, others);
        return parts;
    }
}

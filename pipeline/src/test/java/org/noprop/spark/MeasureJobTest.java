package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.MemoryByBatch;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.MemoryVariant;
import org.noprop.evaluation.SubjectMemory;

/** Real measurements: each starts a process for the block and one for the baseline. */
class MeasureJobTest {
    private static final int PIXELS = 28 * 28;
    private static final MeasureJob.Request ONCE = new MeasureJob.Request(List.of(), List.of(), false, 1);

    @TempDir
    Path folder;

    @Test
    void aDenseBlockTakesLessThanItsBaselineAndBothAreAccountedFor() throws IOException {
        MeasureJob job = new MeasureJob(new SmallRun(folder).config("training.batch-size=64"));

        MemoryComparison measured = job.run(new MeasureJob.Request(List.of(2), List.of(), false, 2));

        assertThat(measured.batchSize()).isEqualTo(64);
        MemoryPair pair = measured.pairs().get(0);
        assertThat(pair.blocks()).isEqualTo(2);
        assertThat(pair.ratio()).isBetween(.3, .7);
        for (SubjectMemory subject : List.of(pair.block(), pair.baseline())) {
            assertThat(subject.accountedShare()).isBetween(.85, 1.05);
            assertThat(subject.runs()).hasSize(2);
            assertThat(subject.runs().stream()
                            .mapToLong(Long::longValue)
                            .average()
                            .orElseThrow())
                    .isCloseTo((double) subject.measuredBytes(), within(1.0));
            assertThat(subject.dataBytes()).isEqualTo(2 * 64 * (4L * PIXELS + Long.BYTES + Integer.BYTES));
            assertThat(subject.accounted().get("optimiser-state"))
                    .isEqualTo(2 * subject.accounted().get("gradients"));
        }
        String file = job.write(measured, Optional.empty());
        assertThat(file).isEqualTo(folder + "/runs/memory/small.json");
        assertThat(FigureJson.read(
                        Files.readString(Path.of(file)),
                        MemoryComparison.class,
                        file,
                        "it holds no memory figures; run measure again"))
                .isEqualTo(measured);
    }

    @Test
    void withoutBlocksOnTheCommandLineItMeasuresAtTheConfigurations() {
        MemoryComparison measured = new MeasureJob(new SmallRun(folder)
                        .config("diffusion.blocks=1", "network.kind=convolutional", "network.channels=[2,3]"))
                .run(ONCE);

        assertThat(measured.pairs()).hasSize(1);
        assertThat(measured.pairs().get(0).blocks()).isEqualTo(1);
    }

    @Test
    void otherWaysOfTrainingAndOtherBatchSizesAreMeasuredWhenAsked() {
        MeasureJob job = new MeasureJob(new SmallRun(folder)
                .config(
                        "diffusion.blocks=3",
                        "training.batch-size=64",
                        "network.kind=convolutional",
                        "network.channels=[16,16]"));

        MemoryComparison measured = job.run(new MeasureJob.Request(List.of(3), List.of(32), true, 1));

        SubjectMemory baseline = measured.pairs().get(0).baseline();
        SubjectMemory block = measured.pairs().get(0).block();
        List<SubjectMemory> variants =
                measured.variants().stream().map(MemoryVariant::memory).toList();
        assertThat(measured.variants())
                .extracting(MemoryVariant::name)
                .containsExactly(
                        "all-blocks-in-one-process", "baseline-in-micro-batches", "one-block-by-back-propagation");
        assertThat(variants.get(0).measuredBytes()).isGreaterThan(2 * block.measuredBytes());
        assertThat(variants.get(1).measuredBytes()).isLessThan(baseline.measuredBytes());
        assertThat(variants.get(1).accounted().get("gradients"))
                .isEqualTo(2 * baseline.accounted().get("gradients"));
        assertThat(variants.get(2).measuredBytes()).isLessThan(baseline.measuredBytes());
        assertThat(measured.batches()).extracting(MemoryByBatch::batchSize).containsExactly(32);
        assertThat(measured.batches().get(0).pair().block().measuredBytes()).isLessThan(block.measuredBytes());
        assertThat(FigureJson.read(
                        FigureJson.text(measured),
                        MemoryComparison.class,
                        "memory.json",
                        "it holds no memory figures; run measure again"))
                .isEqualTo(measured);
        assertThat(measured.table()).contains("all blocks in one process", "one block at batch 32");
    }

    @ParameterizedTest
    @CsvSource({"dt, learned", "ct, learned", "fm, prototype"})
    void blocksOfEveryMethodAreAccountedFor(String method, String labels) {
        NoPropConfig config = new SmallRun(folder)
                .config("diffusion.method=" + method, "label.embedding=" + labels, "diffusion.blocks=1");

        SubjectMemory block = new MeasureJob(config).run(ONCE).pairs().get(0).block();

        assertThat(block.accountedShare()).isBetween(.6, 1.3);
        assertThat(block.accounted().get("optimiser-state"))
                .isEqualTo(2 * block.accounted().get("gradients"));
    }

    @Test
    void convolutionsThatDoNotFitTheDatasetsImagesAreRefused() {
        MeasureJob job = new MeasureJob(
                new SmallRun(folder).config("network.kind=convolutional", "network.channels=[2,2,2,2,2,2,2,2]"));

        assertThatThrownBy(() -> job.run(new MeasureJob.Request(List.of(2), List.of(), false, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("noprop.network.channels does not fit the images: ");
    }
}

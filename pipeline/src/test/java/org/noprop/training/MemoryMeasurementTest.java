package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.noprop.network.ImagePart;
import org.noprop.network.MemoryFigures;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.MemoryMeter;

class MemoryMeasurementTest {
    private static final ImagePart PAPER =
            new ImagePart.Convolutions(new ImageShape(28, 28, 1), List.of(32, 64, 128), .2);

    @Test
    @EnabledOnOs(OS.LINUX)
    void aBlockTakesAFractionOfTheBaselineAndTheNetworkAccountsForIt() {
        MemoryReport block = MemoryMeasurement.measure(new MemorySubject(0, 10, 128, PAPER));
        MemoryReport baseline = MemoryMeasurement.measure(new MemorySubject(6, 10, 128, PAPER));

        assertThat(block.accounted().weights()).isGreaterThan(4 * 919_946);
        assertThat(block.explained()).isBetween(.85, 1.05);
        assertThat(baseline.explained()).isBetween(.85, 1.05);
        assertThat(block.measured().total())
                .isBetween(30_000_000L, baseline.measured().total() / 4);
        assertThat(baseline.blocks()).isEqualTo(6);
        assertThat(baseline.baseline()).isTrue();
    }

    @Test
    void subjectsAndReportsSurviveTheirTextForm() {
        for (ImagePart image : List.of(PAPER, ImagePart.embedding(17))) {
            MemorySubject subject = new MemorySubject(3, 10, 64, image);
            assertThat(MemorySubject.parse(subject.arguments())).isEqualTo(subject);
        }
        MemoryReport report =
                new MemoryReport(4, true, new MemoryMeter.Reading(5, 6, 7), new MemoryFigures(1, 2, 3, 4));
        assertThat(MemoryReport.parse(report.line())).isEqualTo(report);
        assertThat(report.explained()).isEqualTo(10.0 / 11);
    }

    @Test
    void aSubjectThatCannotTrainEndsWithTheProcesssOwnWords() {
        assertThatThrownBy(() -> MemoryMeasurement.measure(new MemorySubject(0, 10, 1, ImagePart.embedding(3))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Measuring memory ended with code 1:")
                .hasMessageContaining("Batch norm needs at least 2 rows to train on, got 1");
    }
}

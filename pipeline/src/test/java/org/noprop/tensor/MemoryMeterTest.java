package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryMeterTest {
    private static final long HEAP = 400L << 20;
    private static final int KNOWN = 200_000_000;
    private static final long NOISE = KNOWN / 50;
    private static final int PART = 1_000_000;

    @TempDir
    static Path folder;

    private static List<MemoryMeter.Reading> readings;

    /** Takes known amounts of memory and writes what the meter saw. */
    public static final class Program {
        private Program() {}

        /** Writes to the file that is named first; fails if it is told to. */
        public static void main(String[] arguments) throws IOException {
            if (arguments[0].equals("fail")) {
                throw new IllegalStateException("told to fail");
            }
            List<String> lines = new ArrayList<>();
            try (MemoryMeter meter = MemoryMeter.idle()) {
                lines.add(line(meter.read()));
            }
            try (MemoryMeter meter = MemoryMeter.idle();
                    BytePointer memory = new BytePointer(KNOWN)) {
                Pointer.memset(memory, 1, KNOWN);
                lines.add(line(meter.read()));
                memory.deallocate();
                lines.add(line(meter.read()));
            }
            List<byte[]> kept = new ArrayList<>();
            try (MemoryMeter meter = MemoryMeter.idle()) {
                for (int i = 0; i < KNOWN / PART; i++) {
                    kept.add(new byte[PART]);
                }
                lines.add(line(meter.read()));
            }
            kept.forEach(part -> part[0] = 1);
            lines.add(sampled() + " 0 0");
            ImaginedDevice device = new ImaginedDevice(new AtomicLong(2L * KNOWN));
            try (MemoryMeter meter = MemoryMeter.idle(device, 0)) {
                device.free().addAndGet(-KNOWN);
                lines.add(line(meter.read()));
            }
            Files.write(Path.of(arguments[0]), lines);
        }

        private static long sampled() {
            try (ResidentPeak peak = new SampledPeak()) {
                long idle = peak.now();
                try (BytePointer memory = new BytePointer(KNOWN)) {
                    Pointer.memset(memory, 1, KNOWN);
                    peak.now();
                }
                return peak.highest() - idle;
            }
        }

        private static String line(MemoryMeter.Reading reading) {
            return reading.nativeBytes() + " " + reading.heapBytes() + " " + reading.deviceBytes();
        }
    }

    @BeforeAll
    static void measure() throws IOException {
        Path file = folder.resolve("readings");
        new MeasuredJvm(Program.class, HEAP).run(file.toString());
        readings = Files.readAllLines(file).stream()
                .map(line -> line.split(" ", -1))
                .map(fields -> new MemoryMeter.Reading(
                        Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])))
                .toList();
    }

    @Test
    void nothingTakenIsNothingSeen() {
        assertThat(readings.get(0).nativeBytes()).isBetween(0L, NOISE);
        assertThat(readings.get(0).heapBytes()).isBetween(-NOISE, NOISE);
    }

    @Test
    void aKnownNativeAllocationIsSeen() {
        assertThat(readings.get(1).nativeBytes()).isCloseTo(KNOWN, Percentage.withPercentage(5));
        assertThat(readings.get(1).heapBytes()).isBetween(-NOISE, NOISE);
    }

    @Test
    void thePeakStaysWhenTheMemoryIsFreed() {
        assertThat(readings.get(2).nativeBytes()).isCloseTo(KNOWN, Percentage.withPercentage(5));
    }

    @Test
    void aKnownAllocationOnTheHeapIsSeenThereAndNotAsNative() {
        assertThat(readings.get(3).heapBytes()).isCloseTo(KNOWN, Percentage.withPercentage(5));
        assertThat(readings.get(3).nativeBytes()).isBetween(0L, NOISE);
    }

    @Test
    void aProcessWhoseHeapCanGrowIsRefused() {
        assertThatThrownBy(MemoryMeter::idle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The memory meter needs a heap of fixed size that is in memory: equal -Xms and -Xmx, and"
                        + " -XX:+AlwaysPreTouch");
    }

    @Test
    void samplingSeesAKnownNativeAllocationToo() {
        assertThat(readings.get(4).nativeBytes()).isCloseTo(KNOWN, Percentage.withPercentage(5));
    }

    @Test
    void whatADeviceGivesAwayIsSeenThereAndNowhereElse() {
        assertThat(readings.get(5).deviceBytes()).isEqualTo(KNOWN);
        assertThat(readings.get(5).nativeBytes()).isBetween(0L, NOISE);
        assertThat(readings.subList(0, 4))
                .extracting(MemoryMeter.Reading::deviceBytes)
                .containsOnly(0L);
    }

    /** A GPU of three times the known amount, of which so much is free. */
    private record ImaginedDevice(AtomicLong free) implements GpuDevices {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public ComputeCapability capability(int device) {
            return ComputeCapability.LEAST;
        }

        @Override
        public long freeBytes(int device) {
            return free.get();
        }

        @Override
        public long totalBytes(int device) {
            return 3L * KNOWN;
        }

        @Override
        public void attach(int device) {
            throw new UnsupportedOperationException("nothing computes here");
        }
    }

    @Test
    void aProgramThatFailsIsToldWithTheEndOfItsLog() {
        assertThatThrownBy(() -> new MeasuredJvm(Program.class, 64 << 20).run("fail"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The measured process ended with code 1:\n")
                .hasMessageContaining("told to fail");
    }
}

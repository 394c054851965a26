package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class MemoryMeterTest {
    private static final int BYTES = 200_000_000;

    @Test
    void itSeesNativeMemoryThatWasFreedAgain() throws Exception {
        MemoryMeter.Reading reading = readingOfAnotherJvm("native");
        assertThat((double) reading.nativePeak()).isCloseTo(BYTES, within(.05 * BYTES));
        assertThat((double) reading.heap()).isCloseTo(0, within(.01 * BYTES));
    }

    @Test
    void itSeesLiveObjectsOnTheHeap() throws Exception {
        MemoryMeter.Reading reading = readingOfAnotherJvm("heap");
        assertThat((double) reading.heap()).isCloseTo(BYTES, within(.05 * BYTES));
        assertThat((double) reading.total()).isCloseTo(BYTES, within(.05 * BYTES));
    }

    @Test
    void itDoesNotCountGarbage() throws Exception {
        assertThat((double) readingOfAnotherJvm("garbage").total()).isCloseTo(0, within(.02 * BYTES));
    }

    @Test
    void aJvmWhoseHeapCanGrowIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(MemoryMeter::start)
                .withMessage("The memory meter needs a JVM whose heap cannot grow: give equal -Xms and -Xmx, and"
                        + " -XX:+AlwaysPreTouch -XX:+UseSerialGC");
    }

    /** Allocates what the argument says and prints what the meter sees. */
    public static void main(String[] arguments) {
        Pointer.memset(new BytePointer(1), 0, 1); // loads the native library, which belongs to idle
        MemoryMeter meter = MemoryMeter.start();
        List<byte[]> kept = new ArrayList<>();
        switch (arguments[0]) {
            case "native" -> {
                try (BytePointer bytes = new BytePointer(BYTES)) {
                    Pointer.memset(bytes, 1, BYTES);
                }
            }
            case "heap" -> kept.add(new byte[BYTES]);
            default -> new ArrayList<byte[]>().add(new byte[BYTES]);
        }
        MemoryMeter.Reading reading = meter.read();
        System.out.println("READING " + reading.nativePeak() + " " + reading.heap() + " " + reading.code());
        if (kept.size() > 1) {
            throw new IllegalStateException("It was kept until here");
        }
    }

    private static MemoryMeter.Reading readingOfAnotherJvm(String what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms640m",
                "-Xmx640m",
                "-Dorg.bytedeco.javacpp.maxbytes=1g"));
        command.addAll(MemoryMeter.JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryMeterTest.class.getName(), what));
        Process jvm = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        String[] fields = output.lines()
                .filter(line -> line.startsWith("READING "))
                .findFirst()
                .orElseThrow()
                .split(" ", -1);
        return new MemoryMeter.Reading(Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
    }
}

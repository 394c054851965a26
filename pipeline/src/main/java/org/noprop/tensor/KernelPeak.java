package org.noprop.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Linux' high-water mark, exact to some pages. */
final class KernelPeak implements ResidentPeak {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    /** What proc(5) wants written to reset the mark. */
    private static final String RESET = "5";

    private static final long KILOBYTE = 1024;

    /**
     * Resets the mark.
     *
     * @throws IOException where there is none, or it must not be reset
     */
    KernelPeak() throws IOException {
        Files.writeString(CLEAR, RESET);
    }

    @Override
    public long now() {
        return resident();
    }

    @Override
    public long highest() {
        return highWaterMark();
    }

    @Override
    public void close() {
        // The mark belongs to the kernel.
    }

    static long resident() {
        return field("VmRSS:");
    }

    static long highWaterMark() {
        return field("VmHWM:");
    }

    private static long field(String name) {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> KILOBYTE * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(STATUS + " has no line " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

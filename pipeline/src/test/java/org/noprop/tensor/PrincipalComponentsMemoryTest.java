package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of rows that are fewer than half as many as they are wide, in a process whose memory tells what they take. */
class PrincipalComponentsMemoryTest {
    private static final long HEAP = 600L << 20;
    private static final int ROWS = 1200;
    private static final int WIDTH = 3000;
    private static final int COUNT = 600;
    private static final int ITERATIONS = 4;

    @TempDir
    Path folder;

    /** Writes how many bytes it takes beyond the rows. */
    public static final class Program {
        private Program() {}

        /** Writes to the file that is named first. */
        public static void main(String[] arguments) throws IOException {
            NativeBackend.load();
            try (FloatMatrix few = random(70, 200);
                    FloatMatrix rows = random(ROWS, WIDTH)) {
                PrincipalComponents.of(few, 20, ITERATIONS, 1);
                try (MemoryMeter meter = MemoryMeter.idle()) {
                    PrincipalComponents.of(rows, COUNT, ITERATIONS, 1);
                    Files.writeString(
                            Path.of(arguments[0]), String.valueOf(meter.read().nativeBytes()));
                }
            }
        }

        private static FloatMatrix random(int rows, int columns) {
            SplittableRandom random = new SplittableRandom(1);
            FloatMatrix matrix = FloatMatrix.of(rows, columns);
            float[] row = new float[columns];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    row[j] = (float) random.nextGaussian();
                }
                matrix.write((long) i * columns, row, columns);
            }
            return matrix;
        }
    }

    @Test
    void nativeMemoryIsWhatIsSaidWithoutWaitingForTheGarbageCollector() throws IOException {
        Path file = folder.resolve("bytes");
        new MeasuredJvm(Program.class, HEAP).run(file.toString());
        long taken = Long.parseLong(Files.readString(file));
        long said = PrincipalComponents.bytes(ROWS, WIDTH, COUNT) - (long) ROWS * WIDTH * Float.BYTES;
        assertThat(taken).isBetween(said / 2, said * 5 / 4);
    }
}

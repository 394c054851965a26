package org.noprop.spark;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.tensor.MeasuredJvm;

/** Measures a {@link MemoryTask} in a process of its own: this class is both its main class and who starts it. */
public final class MemoryProbe {
    private static final String TASK = "task";
    private static final String FIGURES = "figures.json";

    private MemoryProbe() {}

    /** Measures the task in the folder that is named first, and writes a line of JSON beside it. */
    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        Path folder = Path.of(arguments[0]);
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(folder.resolve(TASK)))) {
            MemoryTask task = (MemoryTask) in.readObject();
            Files.writeString(folder.resolve(FIGURES), FigureJson.line(task.measure()));
        }
    }

    /**
     * Measures.
     *
     * @param heapBytes the process's heap
     */
    static SubjectMemory measure(MemoryTask task, long heapBytes) {
        try {
            Path folder = Files.createTempDirectory("noprop-memory");
            Path given = folder.resolve(TASK);
            Path figures = folder.resolve(FIGURES);
            try {
                try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(given))) {
                    out.writeObject(task);
                }
                new MeasuredJvm(MemoryProbe.class, heapBytes).run(folder.toString());
                return FigureJson.read(
                        Files.readString(figures),
                        SubjectMemory.class,
                        figures.toString(),
                        "it holds no memory figures; run measure again");
            } finally {
                Files.deleteIfExists(given);
                Files.deleteIfExists(figures);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot hand a task to the process that measures memory", e);
        }
    }
}

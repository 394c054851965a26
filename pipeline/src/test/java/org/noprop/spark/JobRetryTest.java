package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.data.FaultyFileSystem;
import org.noprop.data.FaultyFileSystem.Operation;
import org.noprop.data.InvalidInputException;

/** Tables whose writing fails and is tried again, each into a folder of its own. */
class JobRetryTest {
    @TempDir
    static Path folder;

    private static SparkSession session;

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(2);
        FaultyFileSystem.register(session.sparkContext().hadoopConfiguration());
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void aTableWhoseWritingFailsHasEachRowOnceAfterwards() throws IOException {
        FaultyFileSystem files = FaultyFileSystem.of("second");
        Path table = folder.resolve("table");
        AtomicBoolean failed = new AtomicBoolean();
        files.before((operation, path) -> {
            if (operation == Operation.RENAME && path.startsWith(table + "/part-") && !failed.getAndSet(true)) {
                throw new IOException("a rename that fails");
            }
        });

        write(files, table);

        assertThat(failed).isTrue();
        assertThat(session.read().parquet(table.toString()).count()).isEqualTo(100);
        try (var left = Files.walk(table)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.contains("unfinished") || name.equals("_temporary"));
        }
    }

    /** The look that fails is whichever comes first: Spark's own, or one before it. */
    @Test
    void whatSomebodyPutsThereBeforeTheFirstAttemptHasBegunStays() {
        FaultyFileSystem files = FaultyFileSystem.of("first");
        Path table = folder.resolve("taken");
        Path mine = table.resolve("mine.txt");
        files.before((operation, path) -> {
            if (path.equals(table.toString()) && Files.notExists(mine)) {
                Files.createDirectories(table);
                Files.writeString(mine, "written by hand");
                throw new IOException(operation + " that fails");
            }
        });

        assertThatThrownBy(() -> write(files, table))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is something in " + files.path(table) + " already; move that away");

        assertThat(mine).hasContent("written by hand");
    }

    private static void write(FaultyFileSystem files, Path table) {
        JobRetry.write(
                session.sparkContext(),
                session.range(100).write().options(Map.of("compression", "zstd")),
                files.path(table));
    }
}

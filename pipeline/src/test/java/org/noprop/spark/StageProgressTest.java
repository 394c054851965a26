package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lines about the tasks of stages. */
class StageProgressTest {
    private static SparkSession session;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void eachTaskIsCountedUnderTheDescriptionOfItsJob() throws Exception {
        try (StageProgress progress = progress(Duration.ZERO)) {
            progress.start();
            context().setJobDescription("preprocess: patches");
            job();
            context().setJobDescription(null);
            job();
            session.sparkContext().listenerBus().waitUntilEmpty();
        }

        assertThat(lines)
                .containsExactly(
                        "preprocess: patches: 1 of 3 tasks",
                        "preprocess: patches: 2 of 3 tasks",
                        "preprocess: patches: 3 of 3 tasks",
                        "preprocess: 1 of 3 tasks",
                        "preprocess: 2 of 3 tasks",
                        "preprocess: 3 of 3 tasks");
    }

    @Test
    void shortJobsSayNothing() throws Exception {
        try (StageProgress progress = progress(Duration.ofHours(1))) {
            progress.start();
            job();
            session.sparkContext().listenerBus().waitUntilEmpty();
        }

        assertThat(lines).isEmpty();
    }

    @Test
    void afterItsEndItSaysNothing() throws Exception {
        StageProgress progress = progress(Duration.ZERO);
        progress.start();
        progress.close();

        job();
        session.sparkContext().listenerBus().waitUntilEmpty();

        assertThat(lines).isEmpty();
    }

    private StageProgress progress(Duration between) {
        return new StageProgress(session.sparkContext(), "preprocess", lines::add, between);
    }

    private void job() {
        assertThat(context().parallelize(List.of(1, 2, 3), 3).count()).isEqualTo(3);
    }

    private static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session.sparkContext());
    }
}

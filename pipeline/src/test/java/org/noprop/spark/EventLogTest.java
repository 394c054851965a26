package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.ReplayListenerBus;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir
    Path folder;

    /** What the history server would be told. */
    private static final class Replayed extends SparkListener {
        private final List<EpochEnded> epochs = new ArrayList<>();
        private final List<String> descriptions = new ArrayList<>();

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            String description = job.properties().getProperty("spark.job.description");
            if (description != null) {
                descriptions.add(description);
            }
        }

        @Override
        public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof EpochEnded epoch) {
                epochs.add(epoch);
            }
        }
    }

    @Test
    void aRunIsReplayedFromSparksEventLogWithItsBlocksEpochsAndLosses() throws IOException {
        Path events = Files.createDirectories(folder.resolve("events"));
        SmallRun small = new SmallRun(folder);
        try (SparkSession session = SparkSession.builder()
                .master("local[2]")
                .appName("test")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.eventLog.enabled", true)
                .config("spark.eventLog.dir", events.toUri().toString())
                .getOrCreate()) {
            small.preprocess(session);
            new TrainBlocksJob(session, small.config("training.head-epochs=2"), small.folder(session, "followed"))
                    .run(true);
        }

        Replayed replayed = replay(events);

        assertThat(replayed.descriptions).contains("preprocess: train", "block 1/3", "block 2/3", "block 3/3", "head");
        assertThat(replayed.epochs)
                .extracting(epoch -> epoch.subject() + " epoch " + epoch.epoch() + "/" + epoch.epochs())
                .containsExactlyInAnyOrder(
                        "block 1 epoch 1/3",
                        "block 1 epoch 2/3",
                        "block 1 epoch 3/3",
                        "block 2 epoch 1/3",
                        "block 2 epoch 2/3",
                        "block 2 epoch 3/3",
                        "block 3 epoch 1/3",
                        "block 3 epoch 2/3",
                        "block 3 epoch 3/3",
                        "head epoch 1/2",
                        "head epoch 2/2");
        assertThat(replayed.epochs).allMatch(epoch -> epoch.run().equals("followed") && epoch.seconds() > 0);
        assertThat(replayed.epochs)
                .filteredOn(epoch -> epoch.subject().equals("block 2"))
                .allSatisfy(epoch -> assertThat(epoch.figures()).containsKeys("squared-error", "validation-accuracy"));
    }

    private static Replayed replay(Path events) throws IOException {
        Replayed replayed = new Replayed();
        try (var logs = Files.list(events)) {
            Path log = logs.filter(file -> file.getFileName().toString().startsWith("local-"))
                    .findFirst()
                    .orElseThrow();
            ReplayListenerBus bus = new ReplayListenerBus();
            bus.addListener(replayed);
            try (InputStream in = Files.newInputStream(log)) {
                bus.replay(in, log.toString(), false, ReplayListenerBus.SELECT_ALL_FILTER());
            }
        }
        return replayed;
    }
}

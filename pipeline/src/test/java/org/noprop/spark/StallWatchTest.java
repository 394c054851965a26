package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.ConfigReader;
import org.noprop.config.ResourcesConfig;
import org.noprop.data.InvalidInputException;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;

class StallWatchTest {
    @TempDir
    Path folder;

    private final TrainingEvents events = new TrainingEvents();
    private long seconds;
    private int epochs;
    private StallWatch watch;

    @BeforeEach
    void start() throws IOException {
        Path preset = Files.writeString(
                folder.resolve("x.conf"), "noprop.resources { start-timeout = 10s, stall-timeout = 60s }");
        ResourcesConfig resources = ConfigReader.read(preset, List.of()).resources();
        watch = new StallWatch(
                events,
                resources,
                () -> epochs,
                () -> "a task asks for 1 GPU, and there is none",
                () -> TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void tasksThatFindNoRoomEndInOneSentence() {
        startJob();
        lookAt(10);
        assertThatThrownBy(() -> lookAt(11))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("No task found room within 10 s: a task asks for 1 GPU, and there is none; give Spark more,"
                        + " or raise noprop.resources.start-timeout");
    }

    @Test
    void aTaskThatFinishesNoEpochEndsInOneSentence() {
        startTask();
        lookAt(5);
        lookAt(65);
        assertThatThrownBy(() -> lookAt(66))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("No epoch was finished and no task started within 60 s: 1 tasks are at work; a task asks"
                        + " for 1 GPU, and there is none; see what holds them up, or raise"
                        + " noprop.resources.stall-timeout above the time of an epoch");
    }

    @Test
    void epochsAndNewTasksAreProgress() {
        startTask();
        lookAt(50);
        epochs++;
        lookAt(100);
        startTask();
        assertThatCode(() -> lookAt(160)).doesNotThrowAnyException();
    }

    private void lookAt(long second) {
        seconds = second;
        watch.look();
    }

    /** A driver that reads, validates or writes between two jobs waits for no room. */
    @Test
    void timeBetweenJobsIsNotTimeWithoutRoom() {
        assertThatCode(() -> lookAt(60)).doesNotThrowAnyException();
    }

    private void startTask() {
        startJob();
        events.onTaskStart(
                new SparkListenerTaskStart(7, 0, new TaskInfo(0, 0, 0, 0, 0, "1", "host", TaskLocality.ANY(), false)));
    }

    private void startJob() {
        Properties properties = new Properties();
        properties.setProperty(TrainingEvents.ROUND, "block 1/1");
        StageInfo stage = new StageInfo(7, 0, "", 1, none(), none(), "", null, none(), Option.empty(), 0, false, 0);
        events.onJobStart(new SparkListenerJobStart(
                0, 0, JavaConverters.asScalaBuffer(List.of(stage)).toSeq(), properties));
    }

    private static <T> Seq<T> none() {
        return JavaConverters.asScalaBuffer(List.<T>of()).toSeq();
    }
}

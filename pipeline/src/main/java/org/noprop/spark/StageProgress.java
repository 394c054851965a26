package org.noprop.spark;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how many tasks of Spark's stages are done, under the descriptions of their jobs: a bar on a terminal, plain lines
 * elsewhere. It is for jobs whose tasks say nothing of their own, and its methods are called by Spark one at a time.
 */
final class StageProgress extends SparkListener implements AutoCloseable {
    /** The property of a job that holds what the Spark UI calls it. */
    private static final String DESCRIPTION = "spark.job.description";

    private static final Logger LOG = LoggerFactory.getLogger(StageProgress.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final SparkContext context;
    private final String command;
    private final Optional<ProgressBar> bar;
    private final Consumer<String> lines;
    private final Duration between;
    private final Map<Integer, Stage> stages = new HashMap<>();
    private long lastLine = System.nanoTime();

    private static final class Stage {
        private final String description;
        private final int tasks;
        private int done;

        Stage(String description, int tasks) {
            this.description = description;
            this.tasks = tasks;
        }
    }

    /**
     * Shows nothing before {@link #start}.
     *
     * @param command the job's name, for stages whose jobs have no description
     * @param lines receives lines where there is no terminal
     * @param between time from one line to the next, at least
     */
    StageProgress(SparkContext context, String command, Consumer<String> lines, Duration between) {
        this.context = context;
        this.command = command;
        this.bar = Terminal.bar(command, 0, "tasks");
        this.lines = lines;
        this.between = between;
    }

    /**
     * For log or terminal.
     *
     * @param command the job's name
     */
    static StageProgress of(SparkContext context, String command) {
        return new StageProgress(context, command, LOG::info, BETWEEN_LINES);
    }

    /** Shows every stage of the context from now on until it is closed. */
    void start() {
        context.addSparkListener(this);
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        int tasks = event.stageInfo().numTasks();
        String description =
                event.properties() == null ? command : event.properties().getProperty(DESCRIPTION, command);
        stages.put(event.stageInfo().stageId(), new Stage(description, tasks));
        bar.ifPresent(shown -> {
            shown.maxHint(shown.getMax() + tasks);
            shown.setExtraMessage(description);
        });
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        Stage stage = stages.get(event.stageId());
        if (stage == null || !event.taskInfo().successful()) {
            return;
        }
        stage.done++;
        bar.ifPresentOrElse(ProgressBar::step, () -> line(stage));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    private void line(Stage stage) {
        if (System.nanoTime() - lastLine >= between.toNanos()) {
            lastLine = System.nanoTime();
            lines.accept(stage.description + ": " + stage.done + " of " + stage.tasks + " tasks");
        }
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
        bar.ifPresent(ProgressBar::close);
    }
}

package org.noprop.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Artifact;
import org.noprop.data.BaselineKind;
import org.noprop.data.Paths;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.Progress;
import org.noprop.evaluation.TrainingTimes;
import org.noprop.training.ArtifactFigures;
import org.noprop.training.EpochMetrics;
import org.noprop.training.TrainingPlan;

/** Measures the chain on the validation split by epoch, and reads what the baselines wrote of theirs. */
final class LearningRecords {
    private static final double PERCENT = 100;

    private final JavaSparkContext spark;
    private final NoPropConfig config;
    private final RunFolder run;
    private final TrainingPlan plan;

    LearningRecords(JavaSparkContext spark, NoPropConfig config, RunFolder run, TrainingPlan plan) {
        this.spark = spark;
        this.config = config;
        this.run = run;
        this.plan = plan;
    }

    /** What there is to tell of a run whose image embeddings have validation rows. */
    LearningProgress measure(TaskResources resources) {
        List<List<EpochMetrics>> blocks = IntStream.rangeClosed(1, plan.blocks())
                .mapToObj(run::block)
                .map(block -> EpochMetrics.parse(block.metrics(), block.path()))
                .toList();
        List<Integer> epochs = epochs(blocks);
        List<Double> accuracy = accuracy(epochs, resources);
        int slots = new TrainingRecords(run, plan).slots().orElse(spark.defaultParallelism());
        OptionalDouble percent = config.evaluation().timeToAccuracy();
        return new LearningProgress(
                percent.isPresent() ? OptionalDouble.of(percent.getAsDouble() / PERCENT) : percent,
                config.evaluation().baselineMargin() / PERCENT,
                slots,
                new Progress(epochs, accuracy, seconds(blocks, epochs, blocks.size())),
                new Progress(epochs, accuracy, seconds(blocks, epochs, slots)),
                baselines());
    }

    /** Those whose weights were kept, and the last of the block that trained longest. */
    private List<Integer> epochs(List<List<EpochMetrics>> blocks) {
        int last = blocks.stream().mapToInt(List::size).max().orElseThrow();
        List<Integer> epochs = new ArrayList<>(IntStream.rangeClosed(1, plan.blocks())
                .boxed()
                .flatMap(t -> run.block(t).keptEpochs().stream())
                .filter(epoch -> epoch < last)
                .distinct()
                .sorted()
                .toList());
        epochs.add(last);
        return epochs;
    }

    private List<Double> accuracy(List<Integer> epochs, TaskResources resources) {
        SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
        Broadcast<ExecutorEmbeddings> embeddings = spark.broadcast(new ExecutorEmbeddings(
                hadoop,
                Paths.qualified(spark.hadoopConfiguration(), config.data().embeddings()),
                RowAccess.of(config.training(), MemoryCheck.of(spark))));
        List<ChainAccuracyTask> tasks = IntStream.range(0, epochs.size())
                .mapToObj(i -> new ChainAccuracyTask(
                        hadoop,
                        Paths.qualified(
                                spark.hadoopConfiguration(), config.run().dir()),
                        run.id(),
                        plan,
                        config.inference().batchSize(),
                        ModelAssembly.time(config),
                        embeddings,
                        resources.device(),
                        i < epochs.size() - 1 ? epochs.get(i) : ChainAccuracyTask.END))
                .toList();
        spark.setJobDescription("learning curve of run " + run.id());
        try {
            return JobRetry.of(spark.sc(), "The learning curve", () -> resources
                    .on(spark.parallelize(tasks, tasks.size()).map(ChainAccuracyTask::run))
                    .collect());
        } finally {
            spark.setJobDescription(null);
            embeddings.destroy();
        }
    }

    private static List<Double> seconds(List<List<EpochMetrics>> blocks, List<Integer> epochs, int workers) {
        return epochs.stream()
                .map(epoch -> TrainingTimes.secondsOn(
                        workers,
                        blocks.stream().map(lines -> until(lines, epoch)).toList()))
                .toList();
    }

    private static Duration until(List<EpochMetrics> lines, int epoch) {
        double seconds = lines.stream()
                .filter(line -> line.epoch() <= epoch)
                .mapToDouble(EpochMetrics::seconds)
                .sum();
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private SortedMap<BaselineKind, Progress> baselines() {
        SortedMap<BaselineKind, Progress> all = new TreeMap<>();
        for (BaselineKind kind : TrainingPlans.baselines(config)) {
            Artifact baseline = run.baseline(kind);
            if (baseline.isFinished()) {
                all.put(kind, progress(EpochMetrics.parse(baseline.metrics(), baseline.path())));
            }
        }
        return all;
    }

    private static Progress progress(List<EpochMetrics> lines) {
        List<EpochMetrics> measured = lines.stream()
                .filter(line -> line.figures().containsKey(ArtifactFigures.VALIDATION_ACCURACY))
                .toList();
        return new Progress(
                measured.stream().map(EpochMetrics::epoch).toList(),
                measured.stream()
                        .map(line -> line.figures().get(ArtifactFigures.VALIDATION_ACCURACY))
                        .toList(),
                measured.stream()
                        .map(line -> until(lines, line.epoch()).toNanos() / 1e9)
                        .toList());
    }
}

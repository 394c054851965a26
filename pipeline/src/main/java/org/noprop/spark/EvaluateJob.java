package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.config.NoPropConfig;
import org.noprop.data.BaselineKind;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.evaluation.Comparison;
import org.noprop.evaluation.Evaluation;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.SeedSummary;
import org.noprop.evaluation.UnmetRequirementsException;
import org.noprop.inference.ChainTrace;
import org.noprop.inference.ClassProbabilities;
import org.noprop.inference.InferenceSettings;
import org.noprop.training.TrainingPlan;

/**
 * Assembles the blocks of a run and measures the model on the test split, beside the baselines that there
 * are. Tasks predict without labels; the driver compares with the labels afterwards.
 */
public final class EvaluateJob {
    private static final long BYTES_OF_A_TASK = 256L << 20;
    /** Of a probability in a row of a Parquet table to be written: the value and a reference to it. */
    private static final long BYTES_OF_A_BOXED_VALUE = 20;

    private static final String METRICS = "evaluation/metrics.json";

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final NoPropConfig config;
    private final RunFolder run;

    /** The job of a run. */
    public EvaluateJob(SparkSession session, NoPropConfig config, RunFolder run) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.config = config;
        this.run = run;
    }

    /**
     * What the evaluation found.
     *
     * @param result the figures
     * @param metrics path of metrics.json
     * @param report path of the report
     * @param missed the bounds of {@code evaluation.require} that it misses, in words
     */
    public record Evaluated(EvaluationResult result, String metrics, String report, List<String> missed) {
        /**
         * Passes where all that is required is reached.
         *
         * @throws UnmetRequirementsException with one sentence, if it is not
         */
        public void requireMet() {
            EvaluateJob.requireMet("", missed, metrics);
        }

        /** The verdict in one sentence. */
        public String sentence() {
            return result.comparison()
                    .map(Comparison::verdict)
                    .orElseGet(() -> String.format(
                            Locale.ROOT,
                            "NoProp %.2f %%; no baseline to compare with (run train-baseline)",
                            100 * result.noprop().mean()));
        }
    }

    /**
     * Passes where the means over seeds reach all that a configuration requires.
     *
     * @param file where all figures are
     * @throws UnmetRequirementsException with one sentence, if they do not
     */
    public static void requireMet(NoPropConfig config, SeedSummary seeds, String file) {
        int count = seeds.runs().size();
        requireMet(
                count == 1 ? "" : " over " + count + " seeds",
                seeds.missed(EvaluationWriter.requirements(config)),
                file);
    }

    private static void requireMet(String of, List<String> missed, String file) {
        if (!missed.isEmpty()) {
            throw new UnmetRequirementsException("noprop.evaluation.require is not met" + of + ": "
                    + String.join("; ", missed) + " (all figures are in " + file + ")");
        }
    }

    /**
     * Evaluates.
     *
     * @param resume whether an evaluation may be there already; it is made anew, so that a baseline that was
     *     trained later comes in
     * @throws InvalidInputException if an evaluation is there and {@code resume} is false, or if a part of
     *     the model is missing, damaged or does not fit the embeddings
     */
    public Evaluated run(boolean resume) {
        if (!resume && run.has(METRICS)) {
            throw new InvalidInputException("Run " + run.id() + " is evaluated already, see " + run.path() + "/"
                    + METRICS + "; give --resume to evaluate it again");
        }
        try (StageProgress progress = StageProgress.of(spark.sc(), "evaluate")) {
            progress.start();
            return evaluated();
        }
    }

    private Evaluated evaluated() {
        EmbeddingFolder embeddings =
                EmbeddingFolder.open(spark.hadoopConfiguration(), config.data().embeddings());
        EmbeddingDescription data = embeddings.description();
        requireSameData(data);
        requireRows(data);
        TrainingPlan plan = TrainingPlans.of(config, data, run);
        requireMemory(plan, data);
        ModelAssembly.write(config, run, plan, embeddings);
        TaskResources resources = TaskResources.of(spark, config.resources());
        Executors.await(spark, config.resources().startTimeout());
        EvaluationTask.Predicted predicted = predict(
                plan,
                data,
                resources,
                TrainingPlans.baselines(config).stream()
                        .filter(kind -> run.baseline(kind).isFinished())
                        .toList());
        EmbeddingRows test = embeddings.groups(split()).keys();
        EvaluationResult result = compare(data, test, predicted);
        Optional<LearningProgress> learning = rows(data, Split.VALIDATION) == 0
                ? Optional.empty()
                : Optional.of(new LearningRecords(spark, config, run, plan).measure(resources));
        List<String> missed = new EvaluationWriter(session, run, config, plan, embeddings.pictures(split()))
                .write(result, predicted, test, learning);
        return new Evaluated(result, run.path() + "/" + METRICS, run.path() + "/report/report.html", missed);
    }

    private void requireSameData(EmbeddingDescription data) {
        if (!run.record().data().equals(data.fingerprint())) {
            throw new InvalidInputException("The image embeddings in "
                    + config.data().embeddings() + ", of width " + data.width() + ", are not those that run " + run.id()
                    + " was trained on; make those again with preprocess, or train a new run on these");
        }
    }

    private Split split() {
        return switch (config.evaluation().split()) {
            case TEST -> Split.TEST;
            case VALIDATION -> Split.VALIDATION;
        };
    }

    private void requireRows(EmbeddingDescription data) {
        if (rows(data, split()) == 0) {
            throw new InvalidInputException("There are no rows of the " + split().folder() + " split in "
                    + config.data().embeddings() + " to evaluate on; set noprop.data.validation-fraction above 0 and"
                    + " preprocess again, or set noprop.evaluation.split = test");
        }
    }

    /** Of executors for the rows and z of the tasks at work, of the driver for what all of them predict. */
    private void requireMemory(TrainingPlan plan, EmbeddingDescription data) {
        long rows = rows(data, split());
        InferenceSettings settings = ModelAssembly.inference(config);
        MemoryCheck memory = MemoryCheck.of(spark);
        long bytesOfARow = settings.bytesOfARow(plan.labels().width());
        int parts = parts(Math.toIntExact(rows), bytesOfARow);
        long tasks = Math.min(parts, MemoryCheck.tasksAtATime(spark));
        boolean streamed = RowAccess.of(config.training(), memory).streams(split(), data);
        memory.require(
                (streamed ? 0 : data.bytes(split())) + tasks * (rows * bytesOfARow / parts),
                tasks + " tasks that evaluate at a time take");
        long classes = plan.labels().classes();
        long runs = settings.runs();
        long predicted = rows
                * Float.BYTES
                * (classes * (runs + 1 + runs * plan.baselines().size()) + plan.blocks() * (2 * runs + 1));
        MemoryCheck.requireDriver(
                spark.getConf(),
                predicted,
                2 * predicted + rows * classes * BYTES_OF_A_BOXED_VALUE,
                "The predictions of " + rows + " rows take");
    }

    private static long rows(EmbeddingDescription data, Split split) {
        return data.rows().getOrDefault(split, 0L);
    }

    private EvaluationResult compare(
            EmbeddingDescription data, EmbeddingRows test, EvaluationTask.Predicted predicted) {
        int[] labels = new int[test.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = test.label(row);
        }
        Evaluation evaluation = new Evaluation(data.classNames(), labels);
        return evaluation.of(
                predicted.trace(), predicted.baselines(), config.evaluation().baselineMargin());
    }

    private EvaluationTask.Predicted predict(
            TrainingPlan plan, EmbeddingDescription data, TaskResources resources, List<BaselineKind> baselines) {
        SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
        Broadcast<ExecutorEmbeddings> embeddings = spark.broadcast(new ExecutorEmbeddings(
                hadoop,
                Paths.qualified(spark.hadoopConfiguration(), config.data().embeddings()),
                RowAccess.of(config.training(), MemoryCheck.of(spark))));
        spark.setJobDescription("evaluate run " + run.id());
        try {
            List<EvaluationTask> tasks = tasks(plan, data, hadoop, embeddings, resources.device(), baselines);
            return join(JobRetry.of(spark.sc(), "The evaluation", () -> resources
                    .on(spark.parallelize(tasks, tasks.size()).map(EvaluationTask::run))
                    .collect()));
        } finally {
            spark.setJobDescription(null);
            embeddings.destroy();
        }
    }

    private List<EvaluationTask> tasks(
            TrainingPlan plan,
            EmbeddingDescription data,
            SerializableConfiguration hadoop,
            Broadcast<ExecutorEmbeddings> embeddings,
            TaskDevice device,
            List<BaselineKind> baselines) {
        int rows = Math.toIntExact(rows(data, split()));
        InferenceSettings settings = ModelAssembly.inference(config);
        String runs = Paths.qualified(spark.hadoopConfiguration(), config.run().dir());
        int parts = parts(rows, settings.bytesOfARow(plan.labels().width()));
        List<EvaluationTask> tasks = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int first = (int) ((long) rows * part / parts);
            int end = (int) ((long) rows * (part + 1) / parts);
            tasks.add(new EvaluationTask(
                    hadoop,
                    runs,
                    run.id(),
                    plan,
                    settings,
                    ModelAssembly.time(config),
                    split(),
                    embeddings,
                    device,
                    baselines,
                    first,
                    end - first));
        }
        return tasks;
    }

    /** A task for each core, and more where one could not hold its rows' z. */
    private int parts(int rows, long bytesOfARow) {
        long tasks = Math.max(spark.defaultParallelism(), 1 + rows * bytesOfARow / BYTES_OF_A_TASK);
        return (int) Math.max(1, Math.min(tasks, rows));
    }

    private static EvaluationTask.Predicted join(List<EvaluationTask.Predicted> parts) {
        ChainTrace trace = ChainTrace.join(
                parts.stream().map(EvaluationTask.Predicted::trace).toList());
        SortedMap<BaselineKind, List<ClassProbabilities>> baselines = new TreeMap<>();
        for (BaselineKind kind : parts.get(0).baselines().keySet()) {
            baselines.put(
                    kind,
                    joinRuns(parts.stream()
                            .map(part -> part.baselines().get(kind))
                            .toList()));
        }
        return new EvaluationTask.Predicted(trace, baselines);
    }

    private static List<ClassProbabilities> joinRuns(List<List<ClassProbabilities>> parts) {
        List<ClassProbabilities> runs = new ArrayList<>();
        for (int i = 0; i < parts.get(0).size(); i++) {
            int run = i;
            runs.add(ClassProbabilities.join(
                    parts.stream().map(part -> part.get(run)).toList()));
        }
        return runs;
    }
}

package org.noprop.spark;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.noprop.config.BaselineConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.spark.dl4j.Averaging;
import org.noprop.spark.dl4j.Dl4jSparkBaseline;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.TrainingDivergedException;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/** Trains a run's baselines by dl4j-spark, from the driver, which keeps the averages and validates. */
final class AveragedTraining {
    /** How often weights were averaged. */
    static final String ROUNDS = "averaging-rounds";
    /** What workers were sent: weights, running statistics and optimiser state. */
    static final String BYTES_TO_WORKERS = "bytes-to-workers";
    /** What they returned. */
    static final String BYTES_FROM_WORKERS = "bytes-from-workers";

    private static final int WITHOUT_ATTEMPT = -1;
    private static final long POLL_MILLIS = 20;
    /** For the driver's thread to end after its jobs were cancelled. */
    private static final long PATIENCE_MILLIS = 60_000;

    private final JavaSparkContext spark;
    private final NoPropConfig config;
    private final RunFolder run;

    AveragedTraining(JavaSparkContext spark, NoPropConfig config, RunFolder run) {
        this.spark = spark;
        this.config = config;
        this.run = run;
    }

    /** Whether a job's subject is trained so. */
    static boolean isFor(Subject subject, NoPropConfig config) {
        return subject.baseline().isPresent() && config.baseline().trainer() == BaselineConfig.Trainer.DL4J_SPARK;
    }

    /**
     * Trains a baseline to the end.
     *
     * @param subject which
     * @param afterRound told after each averaging round how many there were
     * @param whileWaiting called many times a second until training has ended; what it throws ends it
     * @throws InvalidInputException if tasks would stream the rows
     * @throws GroupFailedException if training diverged
     */
    TaskOutcome train(
            Subject subject,
            TrainingPlan plan,
            RowAccess access,
            Broadcast<ExecutorEmbeddings> embeddings,
            IntConsumer afterRound,
            Runnable whileWaiting) {
        String tag = "noprop-" + UUID.randomUUID();
        AtomicBoolean cancelled = new AtomicBoolean();
        FutureTask<TaskOutcome> training = new FutureTask<>(() -> {
            spark.addJobTag(tag);
            return train(subject, plan, access, embeddings, afterRound, cancelled::get);
        });
        Thread thread = new Thread(training, subject + " by dl4j-spark");
        thread.setDaemon(true);
        thread.start();
        try {
            return outcome(training, whileWaiting);
        } catch (TrainingDivergedException e) {
            throw new GroupFailedException(Map.of(subject.toString(), e.getMessage()), false, null);
        } finally {
            cancelled.set(true);
            if (!training.isDone()) {
                spark.cancelJobsWithTag(tag);
                thread.interrupt();
                join(thread);
            }
        }
    }

    private static TaskOutcome outcome(FutureTask<TaskOutcome> training, Runnable whileWaiting) {
        while (true) {
            try {
                return training.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                whileWaiting.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while a baseline was training", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("dl4j-spark failed", e.getCause());
            }
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private TaskOutcome train(
            Subject subject,
            TrainingPlan plan,
            RowAccess access,
            Broadcast<ExecutorEmbeddings> embeddings,
            IntConsumer afterRound,
            BooleanSupplier cancelled) {
        EmbeddingFolder folder =
                EmbeddingFolder.open(spark.hadoopConfiguration(), config.data().embeddings());
        if (access.streamsTraining(folder.description())) {
            throw new InvalidInputException("noprop.baseline.trainer = dl4j-spark needs the image embeddings in memory;"
                    + " raise noprop.training.cache, or set noprop.baseline.trainer = local");
        }
        long start = System.nanoTime();
        long millis = System.currentTimeMillis();
        NativeBackend backend = NativeBackend.load();
        TrainingRows known = known(folder, access);
        double readSeconds = secondsSince(start);
        Averaging averaging =
                new Averaging(config.baseline().workers(), config.baseline().averageEvery());
        TrainingPlan own = plan.withBaseline(subject.baseline().orElseThrow());
        Dl4jSparkBaseline dl4j = new Dl4jSparkBaseline(
                spark, own, averaging, () -> embeddings.value().trainingRows().rows());
        Dl4jSparkBaseline.Result result = TrainingEvents.ofRound(spark, subject.toString(), () -> {
            describe(subject, 1);
            IntConsumer ended = round -> {
                describe(subject, round + 1);
                afterRound.accept(round);
            };
            return JobRetry.of(
                    spark.sc(),
                    "The training of the " + subject,
                    () -> dl4j.train(known, subject.artifact(run), ended, cancelled));
        });
        Map<String, Double> figures = new TreeMap<>(result.trained().state().figures());
        figures.put(ROUNDS, (double) result.rounds());
        figures.put(BYTES_TO_WORKERS, (double) result.bytesToWorkers());
        figures.put(BYTES_FROM_WORKERS, (double) result.bytesFromWorkers());
        return new TaskOutcome(
                subject.toString(),
                1,
                0,
                figures,
                result.trained().memory(),
                secondsSince(start),
                readSeconds,
                known.training().bytesRead(),
                here(backend, millis),
                null,
                false);
    }

    /** The driver needs the rows' number and row groups, and what it validates on. */
    private static TrainingRows known(EmbeddingFolder folder, RowAccess access) {
        EmbeddingTable validation = folder.read(Split.VALIDATION);
        return new TrainingRows(
                folder.groups(Split.TRAIN).open(),
                validation.rows() == 0 ? Optional.empty() : Optional.of(validation),
                access.shuffleBuffer());
    }

    private void describe(Subject subject, int round) {
        spark.setJobDescription(subject + " by dl4j-spark round " + round);
    }

    private static TaskOutcome.Where here(NativeBackend backend, long millis) {
        return new TaskOutcome.Where(
                SparkEnv.get().executorId(),
                SparkEnv.get().blockManager().blockManagerId().host(),
                Thread.currentThread().getName(),
                WITHOUT_ATTEMPT,
                backend.toString(),
                TaskDevice.worker(),
                null,
                millis);
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}

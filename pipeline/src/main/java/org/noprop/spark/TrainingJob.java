package org.noprop.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.config.LabelConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.Artifact;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;
import org.noprop.data.RunFolder;
import org.noprop.label.Heads;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.SharedParts;
import org.noprop.training.TrainingMemory;
import org.noprop.training.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a list of subjects of one run on the executors, after the checks that cost nothing: output that
 * is there, and memory.
 */
final class TrainingJob {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);
    /** For tasks that were cancelled to notice it: between two steps, or when the file system answers. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final NoPropConfig config;
    private final RunFolder run;
    private final String command;

    /**
     * What a job of this name trains.
     *
     * @param command the name, as a user typed it
     */
    TrainingJob(SparkSession session, NoPropConfig config, RunFolder run, String command) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.config = config;
        this.run = run;
        this.command = command;
    }

    /**
     * Trains what is not trained yet.
     *
     * @param subjects what the job is about
     * @param resume whether finished output may be there; it is kept
     */
    TrainingSummary train(List<Subject> subjects, boolean resume) {
        long start = System.nanoTime();
        EmbeddingDescription data = EmbeddingFolder.open(
                        spark.hadoopConfiguration(), config.data().embeddings())
                .description();
        if (!resume) {
            refuseExisting(subjects);
        }
        TrainingPlans.requireImages(config, data);
        TrainingPlans.requireValidation(config, data);
        if (spark.getConf().getBoolean("spark.speculation", false)) {
            LOG.warn(
                    "spark.speculation is on: Spark may train a block twice at the same time, which changes nothing but"
                            + " the time; set spark.speculation = false");
        }
        TaskResources resources = TaskResources.of(spark, config.resources());
        Executors.await(spark, config.resources().startTimeout());
        TrainingPlan plan = plan(data);
        List<Subject> missing = missing(subjects, plan);
        MemoryCheck memory = MemoryCheck.of(spark);
        RowAccess access = RowAccess.of(config.training(), memory);
        access.require(data, memory, MemoryCheck.tasksAtATime(spark));
        if (missing.contains(Subject.head())) {
            memory.require(
                    Heads.trainingBytes(plan.labels()), "The head of " + data.classes() + " classes takes about");
        }
        requireNativeMemory(missing, plan);
        TrainingEvents events = new TrainingEvents();
        List<TaskOutcome> outcomes = missing.isEmpty() ? List.of() : trainAll(missing, plan, access, resources, events);
        if (subjects.contains(Subject.block(1))) {
            finishParts(plan, data);
        }
        return new TrainingSummary(
                command,
                subjects.size(),
                outcomes,
                events.exchanges(),
                spark.defaultParallelism(),
                (System.nanoTime() - start) / 1e9);
    }

    private TrainingPlan plan(EmbeddingDescription data) {
        if (config.label().embedding() == LabelConfig.Embedding.PROTOTYPE) {
            String embeddings = config.data().embeddings();
            new PrototypeJob(session, embeddings, config.run().dir(), run).run(data);
        }
        return TrainingPlans.of(config, data, run);
    }

    private void finishParts(TrainingPlan plan, EmbeddingDescription data) {
        SharedParts parts = new SharedParts(run, plan);
        if (!parts.isFinished()) {
            new SharedRounds(run, plan).finishFromLastBlock();
        }
        SharedRounds.collapse(run, plan, data, config.evaluation().collapseDistance())
                .ifPresent(LOG::warn);
    }

    private List<TaskOutcome> trainAll(
            List<Subject> missing,
            TrainingPlan plan,
            RowAccess access,
            TaskResources resources,
            TrainingEvents events) {
        SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
        Broadcast<ExecutorEmbeddings> embeddings = spark.broadcast(new ExecutorEmbeddings(
                hadoop,
                Paths.qualified(spark.hadoopConfiguration(), config.data().embeddings()),
                access));
        String runs = Paths.qualified(spark.hadoopConfiguration(), config.run().dir());
        TrainingTasks tasks =
                new TrainingTasks(hadoop, runs, run, plan, config.training(), embeddings, resources.device());
        PartitionGroups groups = new PartitionGroups(spark, resources);
        spark.sc().addSparkListener(events);
        try (TrainingProgress progress = TrainingProgress.start(command, missing.size(), epochs(missing, plan));
                EpochEvents epochs = new EpochEvents(spark, run, missing, progress::show)) {
            StallWatch watch = watch(events, epochs, resources);
            if (missing.stream().anyMatch(subject -> AveragedTraining.isFor(subject, config))) {
                AveragedTraining averaged = new AveragedTraining(spark, config, run);
                return missing.stream()
                        .map(subject -> averaged.train(subject, plan, access, embeddings, progress::round, watch::look))
                        .toList();
            }
            return groups.train(chains(missing, plan, tasks), watch::look);
        } finally {
            end(events, embeddings);
        }
    }

    /** Nothing here takes the place of how training ended, nor lets go before its tasks have ended. */
    private void end(TrainingEvents events, Broadcast<ExecutorEmbeddings> embeddings) {
        boolean interrupted = Thread.interrupted();
        try {
            events.awaitLast(spark, PATIENCE);
            spark.sc().removeSparkListener(events);
            embeddings.destroy();
        } catch (RuntimeException e) {
            LOG.warn("Spark could not clear up after the training", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<List<List<TrainingTask>>> chains(List<Subject> missing, TrainingPlan plan, TrainingTasks tasks) {
        return plan.shares() && missing.contains(Subject.block(1))
                ? List.of(tasks.together(new SharedRounds(run, plan).missing()))
                : missing.stream().map(tasks::rounds).toList();
    }

    private StallWatch watch(TrainingEvents events, EpochEvents epochs, TaskResources resources) {
        return new StallWatch(
                events,
                config.resources(),
                epochs::signsOfLife,
                () -> ExecutorSupply.ofTasks(spark, resources),
                System::nanoTime);
    }

    private void refuseExisting(List<Subject> subjects) {
        for (Subject subject : subjects) {
            Artifact artifact = subject.artifact(run);
            if (artifact.exists()) {
                throw new InvalidInputException("Run " + run.id() + " already has a " + subject + " in "
                        + artifact.path() + "; give --resume to continue it, or another --run-id");
            }
        }
    }

    /** What is not trained: blocks that share something are trained together, or not at all. */
    private List<Subject> missing(List<Subject> subjects, TrainingPlan plan) {
        List<Subject> missing = new ArrayList<>();
        for (Subject subject : subjects) {
            Artifact artifact = subject.artifact(run);
            if (isTrained(subject, artifact, plan)) {
                artifact.deleteCheckpoints();
            } else {
                missing.add(subject);
            }
        }
        if (!plan.shares() || !subjects.contains(Subject.block(1))) {
            return missing;
        }
        SharedParts parts = new SharedParts(run, plan);
        if (!parts.isFinished()) {
            return subjects;
        }
        parts.artifacts().forEach(Artifact::deleteCheckpoints);
        if (!missing.isEmpty()) {
            throw new InvalidInputException("The " + missing.get(0) + " of run " + run.id()
                    + " cannot be trained alone, because blocks of this run train label embeddings or their schedule"
                    + " together; train a new run");
        }
        return missing;
    }

    private boolean isTrained(Subject subject, Artifact artifact, TrainingPlan plan) {
        if (!artifact.isFinished()) {
            return false;
        }
        String expected = subject.settings(plan).fingerprint();
        if (!artifact.state().settings().equals(expected)) {
            throw new InvalidInputException(
                    "The " + subject + " in " + artifact.path()
                            + " was trained with other settings or other data; give another --run-id, or delete that folder to train it again");
        }
        artifact.weights();
        return true;
    }

    /** In local mode of this machine, on a cluster of the executors' containers; a CUDA build computes elsewhere. */
    private void requireNativeMemory(List<Subject> missing, TrainingPlan plan) {
        if (spark.isLocal()) {
            MemoryCheck.requireNative(nativeBytes(missing, plan));
        } else if (!NativeBackend.isCudaBuild()
                && missing.stream().anyMatch(subject -> subject.kind() == Subject.Kind.BLOCK)) {
            NativeBackend.load();
            MemoryCheck.requireOverhead(spark.getConf(), new TrainingMemory(plan).ofBlock());
        }
    }

    /** What the networks that train at the same time take: all of them, or as many as there are cores. */
    private long nativeBytes(List<Subject> missing, TrainingPlan plan) {
        NativeBackend.load();
        TrainingMemory memory = new TrainingMemory(plan);
        if (missing.stream().anyMatch(subject -> subject.baseline().isPresent())) {
            return missing.stream()
                    .flatMap(subject -> subject.baseline().stream())
                    .mapToLong(kind -> new TrainingMemory(plan.withBaseline(kind)).ofBaseline())
                    .sum();
        }
        long blocks = missing.stream()
                .filter(subject -> subject.kind() == Subject.Kind.BLOCK)
                .count();
        long networks = Math.min(blocks * config.training().shards(), spark.defaultParallelism());
        return blocks == 0 ? 0 : memory.ofBlock() * networks;
    }

    private static int epochs(List<Subject> subjects, TrainingPlan plan) {
        return subjects.stream()
                .mapToInt(subject -> subject.settings(plan).epochs())
                .sum();
    }
}

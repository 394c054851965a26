package org.noprop.jobs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.noprop.config.TrackingConfig;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.RunFiguresReader;
import org.noprop.evaluation.RunTable;
import org.noprop.evaluation.SeedSummary;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.spark.BlockParts;
import org.noprop.spark.EvaluateJob;
import org.noprop.spark.MeasureJob;
import org.noprop.spark.PlanJob;
import org.noprop.spark.PreprocessJob;
import org.noprop.spark.Runs;
import org.noprop.spark.TrainBaselineJob;
import org.noprop.spark.TrainBlocksJob;

/** The job behind each command: finds its run, does it, and says what came of it. */
final class Jobs {
    private Jobs() {}

    /** The job of a command. */
    static Job of(Command command) {
        return switch (command) {
            case PREPROCESS -> Jobs::preprocess;
            case TRAIN_BLOCKS -> context ->
                    trainBlocks(context, runs(context).forBlocks(context.runId(), context.resume()));
            case TRAIN_BASELINE -> context ->
                    trainBaseline(context, runs(context).forBaseline(context.runId(), context.resume()));
            case EVALUATE -> context -> {
                if (context.options().runs().isEmpty()) {
                    evaluate(context, runs(context).forEvaluation(context.runId()))
                            .requireMet();
                } else {
                    gather(context, context.options().runs());
                }
            };
            case MEASURE -> Jobs::measure;
            case PLAN -> Jobs::plan;
            case RUN -> Jobs::all;
        };
    }

    private static void preprocess(JobContext context) {
        new PreprocessJob(context.session(), context.config()).run(context.resume());
    }

    private static void trainBlocks(JobContext context, RunFolder run) {
        BlockParts parts = context.options().parts();
        Supplier<String> job = () -> new TrainBlocksJob(context.session(), context.config(), run, parts)
                .run(context.resume())
                .sentence();
        if (parts.areAll()) {
            context.say(on(context, Command.TRAIN_BLOCKS, run, job));
        } else {
            context.say(runs(context)
                    .workOnParts(run, parts.artifacts(context.config(), run), Command.TRAIN_BLOCKS.commandName(), job));
        }
    }

    private static void trainBaseline(JobContext context, RunFolder run) {
        context.say(on(context, Command.TRAIN_BASELINE, run, () -> new TrainBaselineJob(
                        context.session(), context.config(), run)
                .run(context.resume())
                .sentence()));
    }

    /** The run is finished and recorded as such, whatever it misses of what is required, and whoever is told of it. */
    private static EvaluateJob.Evaluated evaluate(JobContext context, RunFolder run) {
        EvaluateJob.Evaluated result = on(context, Command.EVALUATE, run, () -> {
            EvaluateJob.Evaluated evaluated =
                    new EvaluateJob(context.session(), context.config(), run).run(context.resume());
            context.say(evaluated.sentence());
            context.say("Figures: " + evaluated.metrics());
            context.say("Report: " + evaluated.report());
            return evaluated;
        });
        TrackingConfig tracking = context.config().tracking();
        tracking.mlflow()
                .map(server -> new MlflowTracking(
                        server,
                        tracking.experiment(),
                        context.session().sparkContext().hadoopConfiguration()))
                .ifPresent(mlflow -> context.say("MLflow: " + mlflow.tell(run)));
        return result;
    }

    /** Runs that differ in their seed, side by side and together, whose means must reach what is required. */
    private static void gather(JobContext context, List<String> ids) {
        Runs runs = runs(context);
        SeedSummary summary = new SeedSummary(
                runs.ofAnySeed(ids).stream().map(RunFiguresReader::read).toList());
        context.say(RunTable.of(summary.runs()));
        context.say(summary.sentence());
        String file = "seeds/" + context.config().run().name() + ".json";
        String written = runs.writeBesideRuns(file, summary.json());
        context.say("Figures: " + written);
        EvaluateJob.requireMet(context.config(), summary, written);
    }

    /** Without a run it needs no Spark session. */
    private static void measure(JobContext context) {
        MeasureJob job = new MeasureJob(context.config());
        Optional<RunFolder> run = context.runId().map(id -> runs(context).forEvaluation(Optional.of(id)));
        MemoryComparison measured = job.run(context.options().measure());
        context.say(measured.table());
        context.say("Figures: " + job.write(measured, run));
    }

    /** Without a run it needs no Spark session. */
    private static void plan(JobContext context) {
        PlanJob job = new PlanJob(context.config());
        Optional<RunFolder> run = context.runId().map(id -> runs(context).forEvaluation(Optional.of(id)));
        ClusterPlan plan = job.run(context.options().plan().orElseThrow());
        context.say(plan.table());
        context.say(plan.sentence());
        context.say(plan.losses());
        context.say("Figures: " + job.write(plan, run));
    }

    /** Of several seeds, all are made and gathered; what is required is required of their means. */
    private static void all(JobContext context) {
        int seeds = context.options().seeds();
        if (seeds == 1) {
            one(context).requireMet();
            return;
        }
        String base = context.runId().orElseGet(() -> runs(context).newId());
        long first = context.config().run().seed();
        List<String> ids = LongStream.range(first, first + seeds)
                .mapToObj(seed -> base + "-seed" + seed)
                .toList();
        for (int i = 0; i < seeds; i++) {
            one(context.withRun(first + i, ids.get(i)));
        }
        gather(context, ids);
    }

    /** Embeddings that are up to date serve again; everything else is new unless resuming. */
    private static EvaluateJob.Evaluated one(JobContext context) {
        TrainBlocksJob.requireFit(context.config());
        PreprocessJob preprocess = new PreprocessJob(context.session(), context.config());
        preprocess.run(context.resume() || preprocess.upToDate());
        RunFolder run = runs(context).forBlocks(context.runId(), context.resume());
        trainBlocks(context, run);
        trainBaseline(context, run);
        return evaluate(context, run);
    }

    /** Says which run, and works on it. */
    private static <R> R on(JobContext context, Command command, RunFolder run, Supplier<R> job) {
        context.say("Run " + run.id() + " in " + run.path());
        return runs(context).work(run, command.commandName(), job);
    }

    private static Runs runs(JobContext context) {
        Map<String, String> build = Versions.build();
        return new Runs(context.session(), context.config(), context.overrides(), build);
    }
}

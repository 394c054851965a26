package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.evaluation.plan.Workload;
import org.noprop.evaluation.report.PlanFigure;

/** Every job that deletes or overwrites, with a user's file in its way: it is there afterwards, byte for byte. */
@Timeout(300)
class ForeignFilesTest {
    private static final String TEXT = "written by hand";

    @TempDir
    static Path folder;

    private static SmallRun small;
    private static SparkSession session;

    @BeforeAll
    static void start() {
        small = new SmallRun(folder, "diffusion.blocks=2", "training.epochs=2", "training.keep-every=1");
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @AfterEach
    void everyFileIsAsItWas() throws IOException {
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("mine")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).hasContent(TEXT));
        }
    }

    @Test
    void preprocessLeavesAFolderOfImagesAlone() {
        mine("photos/train/cat/mine.png");
        mine("photos/test/cat/mine.png");
        refuses(
                () -> new PreprocessJob(session, small.config("data.embeddings=" + folder + "/photos")).run(true),
                "There are other files in " + folder + "/photos, such as train/cat;"
                        + " noprop.data.embeddings must name a folder of its own");
        refuses(
                () -> new PreprocessJob(
                                session,
                                small.config(
                                        "data.kind=folder",
                                        "data.path=" + folder + "/photos",
                                        "data.embeddings=" + folder + "/photos/../photos/"))
                        .run(false),
                "Embeddings cannot be written to " + folder + "/photos/../photos/: noprop.data.path = " + folder
                        + "/photos, from which they are made, is that folder, holds it or lies in it; give another"
                        + " noprop.data.embeddings");
    }

    @Test
    void aRunIsNotMadeInAFolderOfOtherFiles() {
        small.preprocess(session);
        mine("runs/thesis/mine.tex");
        mine("runs/thesis2/config/mine.conf");
        refuses(
                () -> small.folder(session, "thesis"),
                "There are other files in " + folder
                        + "/runs/thesis, such as mine.tex, and no run.json; a new run needs a"
                        + " folder of its own, so give another --run-id or move them");
        refuses(
                () -> small.folder(session, "thesis2"),
                "There are other files in " + folder
                        + "/runs/thesis2, such as config/mine.conf, and no run.json; a new run"
                        + " needs a folder of its own, so give another --run-id or move them");
    }

    @Test
    void trainingEvaluatingAndResumingLeaveFilesInTheRunAlone() {
        small.preprocess(session);
        RunFolder run = small.folder(session, "r1");
        String at = "runs/r1/";
        for (String place : List.of(
                "",
                "blocks/block=01/",
                "blocks/block=01/checkpoint-1/",
                "blocks/block=01/checkpoint-2/",
                "blocks/block=01/epoch=1/",
                "blocks/block=01/best/",
                "blocks/block=01/shard=1/checkpoint-1/",
                "head/",
                "label-embedding/chunks/label=0/",
                "model/",
                "profile/",
                "report/figures/",
                "evaluation/")) {
            mine(at + place + "mine.txt");
        }
        NoPropConfig config = small.config();
        new TrainBlocksJob(session, config, run).run(true);
        new TrainBlocksJob(session, config, run).run(true);
        new EvaluateJob(session, config, run).run(false);
        run.block(1).deleteMembers();
        run.block(1).delete();
        run.deleteTensors("label-embedding/chunks");
        run.update(run.record());
        assertThat(run.block(1).isFinished()).isFalse();

        mine(at + "evaluation/predictions/mine.csv");
        new TrainBlocksJob(session, config, run).run(true);
        refuses(
                () -> new EvaluateJob(session, config, run).run(true),
                "There are other files in " + folder
                        + "/runs/r1/evaluation/predictions, such as mine.csv, where a table of"
                        + " this run belongs; move them");
    }

    @Test
    void figuresBesideRunsReplaceOnlyTheirOwn() {
        Configuration hadoop = new Configuration();
        String runs = folder + "/others";
        mine("others/seeds/mine.json");
        refuses(
                () -> RunFolder.writeBesideRuns(hadoop, runs, "seeds/mine.json", "{\n  \"schema\" : 2\n}"),
                "There is another file at " + runs + "/seeds/mine.json; move it, or give another noprop.run.dir");
        RunFolder.writeBesideRuns(hadoop, runs, "seeds/ours.json", "{\n  \"schema\" : 2\n}");
        RunFolder.writeBesideRuns(hadoop, runs, "seeds/ours.json", "{\n  \"schema\" : 3\n}");
        assertThat(folder.resolve("others/seeds/ours.json")).content().contains("3");
    }

    /** Both figures are drawn by one library, which begins all of its files in one way. */
    @Test
    void aPlansFigureReplacesNoOther() throws IOException {
        Configuration hadoop = new Configuration();
        String runs = folder + "/others";
        String plan = PlanFigure.of(ClusterPlan.of(
                        new Workload(7, 2, 1280, 128, 2, 1, 0, 2),
                        new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                        new Cluster(4, 1e9, 0, 0, 1, 0, 1)))
                .orElseThrow();
        String other = plan.replaceFirst("<title>.*?</title>", "");
        Path mine = folder.resolve("others/plans/x.svg");
        Files.createDirectories(mine.getParent());
        Files.writeString(mine, other);
        mine("others/plans/mine.svg");
        refuses(
                () -> RunFolder.writeBesideRuns(hadoop, runs, "plans/x.svg", plan),
                "There is another file at " + runs + "/plans/x.svg; move it, or give another noprop.run.dir");
        assertThat(mine).hasContent(other);
        RunFolder.writeBesideRuns(hadoop, runs, "plans/ours.svg", plan);
        RunFolder.writeBesideRuns(hadoop, runs, "plans/ours.svg", plan.replace("</svg>", "<!-- again --></svg>"));
        assertThat(folder.resolve("others/plans/ours.svg")).content().contains("again");
    }

    @Test
    void anEstimatorsFolderMayHoldOtherFiles() {
        mine("fits/mine.txt");
        mine("fits/runs/mine.txt");
        mine("fits/embeddings/mine.txt");
        Dataset<Row> table = session.range(60)
                .select(
                        functions.col("id").mod(2).cast("int").as("label"),
                        functions
                                .array(
                                        functions.col("id").mod(2).cast("float"),
                                        functions.col("id").divide(60).cast("float"))
                                .as("embedding"));
        List<String> settings =
                List.of("diffusion.blocks=1", "training.epochs=1", "training.head-epochs=1", "training.batch-size=16");
        assertThat(new FitJob(session, settings, folder + "/fits").run(table, 2).training())
                .isNotNull();
    }

    @Test
    void predictionsAreNotWrittenOverAnything() {
        mine("predicted/mine.parquet");
        assertThatThrownBy(() -> new PredictJob(
                                session,
                                new PredictJob.Request(
                                        folder + "/model",
                                        folder + "/predicted",
                                        folder + "/predicted",
                                        Optional.empty(),
                                        0,
                                        false))
                        .run())
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "There is something in " + folder + "/predicted already; give another --output, or delete it");
    }

    private static void refuses(ThrowingCallable job, String sentence) {
        assertThatThrownBy(job).isInstanceOf(InvalidInputException.class).hasMessage(sentence);
    }

    private static void mine(String relative) {
        Path file = folder.resolve(relative);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

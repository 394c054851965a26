package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/** A run that takes seconds: three blocks over a few hundred digits. */
final class SmallRun {
    private static final List<String> SETTINGS = List.of(
            "data.digits.train=1000",
            "data.digits.test=200",
            "diffusion.blocks=3",
            "training.epochs=3",
            "training.batch-size=32",
            "training.checkpoint-every=1",
            "inference.runs=2");

    private final Path folder;
    private final List<String> overrides = new ArrayList<>(SETTINGS);

    /** A run below this folder, with further settings. */
    SmallRun(Path folder, String... more) {
        this.folder = folder;
        overrides.addAll(List.of(more));
        overrides.add("run.dir=" + folder.resolve("runs"));
        overrides.add("data.embeddings=" + folder.resolve("embeddings"));
    }

    /** The configuration, with further settings. */
    NoPropConfig config(String... more) {
        Path preset = folder.resolve("small.conf");
        List<String> all = new ArrayList<>(overrides);
        all.addAll(List.of(more));
        try {
            Files.writeString(preset, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConfigReader.read(preset, all);
    }

    /** The embeddings, unless they are there. */
    void preprocess(SparkSession session) {
        new PreprocessJob(session, config()).run(true);
    }

    /** A new run, or one that is there. */
    RunFolder folder(SparkSession session, String id) {
        return new Runs(session, config(), List.of(), Map.of()).forBlocks(Optional.of(id), true);
    }

    /** Trains all blocks and the head of a run on so many cores. */
    RunFolder train(int cores, String id) {
        try (SparkSession session = LocalSpark.withCores(cores)) {
            preprocess(session);
            RunFolder run = folder(session, id);
            new TrainBlocksJob(session, config(), run).run(true);
            return run;
        }
    }
}

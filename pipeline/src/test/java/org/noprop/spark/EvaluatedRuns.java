package org.noprop.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.data.RunFolder;

/** Small runs with all that a run has, for whoever looks at runs. */
public final class EvaluatedRuns {
    private EvaluatedRuns() {}

    /** Two runs, of a seed each, below a folder, over embeddings in {@code embeddings}; returns their folders. */
    public static List<String> make(Path folder) {
        SmallRun small = new SmallRun(folder);
        List<String> runs = new ArrayList<>();
        try (SparkSession session = LocalSpark.withCores(2)) {
            small.preprocess(session);
            for (int seed = 1; seed <= 2; seed++) {
                NoPropConfig config = small.config("run.seed=" + seed);
                RunFolder run =
                        new Runs(session, config, List.of(), Map.of()).forBlocks(Optional.of("seed" + seed), false);
                new TrainBlocksJob(session, config, run).run(false);
                new TrainBaselineJob(session, config, run).run(false);
                new EvaluateJob(session, config, run).run(false);
                runs.add(run.path());
            }
        }
        return runs;
    }
}

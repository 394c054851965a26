package org.noprop.spark;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.Split;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.plan.PlanJson;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.evaluation.plan.Workload;
import org.noprop.evaluation.report.PlanFigure;
import org.noprop.network.Method;
import org.noprop.training.TrainingPlan;

/** Measures steps on one core and simulates the run of a configuration on a cluster. It needs no Spark session. */
public final class PlanJob {
    private static final double NANOS = 1e9;

    private final NoPropConfig config;
    private final Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    private final EmbeddingFolder embeddings;
    private final EmbeddingDescription data;

    /**
     * The job of a configuration.
     *
     * @throws InvalidInputException if its image embeddings are not there
     */
    public PlanJob(NoPropConfig config) {
        this.config = config;
        this.embeddings = EmbeddingFolder.open(hadoop, config.data().embeddings());
        this.data = embeddings.description();
    }

    /** Measures and simulates. */
    public ClusterPlan run(Cluster cluster) {
        TrainingPlan plan = TrainingPlans.of(config, data, new float[data.classes() * data.width()]);
        return ClusterPlan.of(workload(plan), measure(plan), cluster);
    }

    private Workload workload(TrainingPlan plan) {
        boolean headApart = plan.method().headPlace(plan.labels()) == Method.HeadPlace.APART;
        return new Workload(
                plan.blocks(),
                config.training().shards(),
                rows(Split.TRAIN),
                plan.block().batchSize(),
                plan.block().epochs(),
                plan.averageEvery(),
                headApart ? plan.head().epochs() : 0,
                plan.baseline().settings().epochs());
    }

    private long rows(Split split) {
        return data.rows().getOrDefault(split, 0L);
    }

    /**
     * On training rows where they fit half of the heap, and on fewer, those of the test split, otherwise. The code that
     * reads them is warmed up by a reading that is not timed.
     */
    private StepTimes measure(TrainingPlan plan) {
        boolean fits = data.bytes(Split.TRAIN) < Runtime.getRuntime().maxMemory() / 2;
        Split split = fits ? Split.TRAIN : Split.TEST;
        embeddings.read(Split.TEST);
        long start = System.nanoTime();
        EmbeddingTable training = embeddings.read(split);
        double perRow = (System.nanoTime() - start) / NANOS / training.rows();
        Optional<EmbeddingTable> validation =
                rows(Split.VALIDATION) > 0 ? Optional.of(embeddings.read(Split.VALIDATION)) : Optional.empty();
        return new StepTimer(plan, training, validation)
                .measure(perRow * rows(Split.TRAIN), (double) training.bytesRead() / training.rows());
    }

    /**
     * Writes the figures and their curve beside all runs.
     *
     * @return the path of the figures
     */
    public String write(ClusterPlan plan) {
        String name = "plans/" + config.run().name();
        PlanFigure.of(plan)
                .ifPresent(svg -> RunFolder.writeBesideRuns(hadoop, config.run().dir(), name + ".svg", svg));
        return RunFolder.writeBesideRuns(hadoop, config.run().dir(), name + ".json", PlanJson.of(plan));
    }
}

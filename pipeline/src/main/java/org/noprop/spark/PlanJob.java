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
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.evaluation.plan.Workload;
import org.noprop.evaluation.report.PlanFigure;
import org.noprop.network.Method;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.TrainingMemory;
import org.noprop.training.TrainingPlan;

/** Measures steps on one core and simulates the run of a configuration on a cluster. It needs no Spark session. */
public final class PlanJob {
    static final String FILE = "profile/plan.json";

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

    /**
     * What to do.
     *
     * @param cluster what would be trained on
     * @param sameMachine whether its executors are cores of this machine: then how much two blocks slow each other down
     *     is measured, and takes the place of the cluster's contention
     * @param patience seconds of steps that each thing is timed by, after as many to warm up, above 0; on the same machine
     *     blocks alone and two at once take ten times as long
     */
    public record Request(Cluster cluster, boolean sameMachine, double patience) {}

    /** Measures and simulates. */
    public ClusterPlan run(Request request) {
        TrainingPlan plan = TrainingPlans.of(config, data, new float[data.classes() * data.width()]);
        StepTimes times = measure(plan, request);
        return request.sameMachine()
                ? ClusterPlan.onThisMachine(workload(plan), times, request.cluster())
                : ClusterPlan.of(workload(plan), times, request.cluster());
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
    private StepTimes measure(TrainingPlan plan, Request request) {
        double beforeTasks = startSeconds(plan);
        boolean fits = data.bytes(Split.TRAIN) < Runtime.getRuntime().maxMemory() / 2;
        Split split = fits ? Split.TRAIN : Split.TEST;
        embeddings.read(Split.TEST);
        long start = System.nanoTime();
        EmbeddingTable training = embeddings.read(split);
        double perRow = (System.nanoTime() - start) / NANOS / training.rows();
        Optional<EmbeddingTable> validation =
                rows(Split.VALIDATION) > 0 ? Optional.of(embeddings.read(Split.VALIDATION)) : Optional.empty();
        return new StepTimer(plan, training, validation, request.patience())
                .measure(
                        beforeTasks,
                        perRow * rows(Split.TRAIN),
                        (double) training.bytesRead() / training.rows(),
                        config.training().shards(),
                        request.sameMachine());
    }

    /** What train-blocks does in a new process before its tasks: ND4J is loaded, and a step tells how much memory it needs. */
    private static double startSeconds(TrainingPlan plan) {
        long start = System.nanoTime();
        NativeBackend.load();
        new TrainingMemory(plan).ofBlock();
        return (System.nanoTime() - start) / NANOS;
    }

    /**
     * Writes the figures and their curve.
     *
     * @param run the run that they belong to, whose report shows them; without one they lie beside all runs
     * @return the path of the figures
     */
    public String write(ClusterPlan plan, Optional<RunFolder> run) {
        if (run.isPresent()) {
            run.get().writeText(FILE, FigureJson.text(plan));
            return run.get().path() + "/" + FILE;
        }
        String name = "plans/" + config.run().name();
        PlanFigure.of(plan)
                .ifPresent(svg -> RunFolder.writeBesideRuns(hadoop, config.run().dir(), name + ".svg", svg));
        return RunFolder.writeBesideRuns(hadoop, config.run().dir(), name + ".json", FigureJson.text(plan));
    }
}

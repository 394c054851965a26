package org.noprop.spark.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.network.Baseline;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;
import org.noprop.training.Learner;
import org.noprop.training.TrainingPlan;

/**
 * The baseline as a learner whose every step is an averaging round on the executors: what an epoch loop at the
 * driver trains, checkpoints and validates like any other.
 */
final class AveragedBaseline implements Learner, Trainable {
    private static final int SMALLEST_BATCH = 2;

    private final JavaSparkContext spark;
    private final TrainingPlan plan;
    private final Averaging averaging;
    private final RowSource rows;
    private final Baseline network;
    private final Learner local;
    private final IntConsumer afterRound;
    private double learningRate;
    private int rounds;
    private long vectorBytes;

    /**
     * A learner of {@code network}, which holds the averages.
     *
     * @param local numbers and validates
     * @param afterRound told after each round how many there were
     */
    AveragedBaseline(
            JavaSparkContext spark,
            TrainingPlan plan,
            Averaging averaging,
            RowSource rows,
            Baseline network,
            Learner local,
            IntConsumer afterRound) {
        this.spark = spark;
        this.plan = plan;
        this.averaging = averaging;
        this.rows = rows;
        this.network = network;
        this.local = local;
        this.afterRound = afterRound;
    }

    /** Rounds so far. */
    int rounds() {
        return rounds;
    }

    /** Bytes of weights, running statistics and optimiser state: what a worker is sent, and returns, each round. */
    long vectorBytes() {
        return vectorBytes;
    }

    @Override
    public double step(int epoch, int[] order, int from, int count) {
        CarriedGraph carried = new CarriedGraph(FlatState.flatten(weights()), FlatState.flatten(optimiserState()));
        vectorBytes = Float.BYTES
                * (carried.params().length()
                        + carried.getUpdater().getStateViewArray().length());
        int batchSize = plan.baseline().settings().batchSize();
        BaselineMaster master =
                new BaselineMaster(averaging, batchSize, new BaselineRound(plan, rows, epoch, learningRate));
        SparkComputationGraph graph = new SparkComputationGraph(spark, carried, master);
        JavaRDD<MultiDataSet> batches = spark.parallelize(batches(order, from, count, batchSize), averaging.workers());
        try {
            graph.fitMultiDataSet(batches);
        } finally {
            batches.unpersist();
            master.destroyBroadcasts();
        }
        loadWeights(FlatState.unflatten(carried.params(), weights()));
        loadOptimiserState(FlatState.unflatten(carried.getUpdater().getStateViewArray(), optimiserState()));
        rounds++;
        afterRound.accept(rounds);
        return graph.getScore();
    }

    private static List<MultiDataSet> batches(int[] order, int from, int count, int batchSize) {
        List<MultiDataSet> batches = new ArrayList<>();
        for (int start = from; from + count - start >= SMALLEST_BATCH; start += batchSize) {
            int[] numbers = Arrays.copyOfRange(order, start, Math.min(start + batchSize, from + count));
            INDArray column = Nd4j.createFromArray(numbers).reshape(numbers.length, 1);
            batches.add(new org.nd4j.linalg.dataset.MultiDataSet(column, column));
        }
        return batches;
    }

    @Override
    public int number() {
        return local.number();
    }

    @Override
    public Trainable subject() {
        return this;
    }

    @Override
    public String lossName() {
        return local.lossName();
    }

    @Override
    public Map<String, Double> validate() {
        return local.validate();
    }

    @Override
    public SortedMap<String, Tensor> weights() {
        return network.weights();
    }

    @Override
    public void loadWeights(SortedMap<String, Tensor> weights) {
        network.loadWeights(weights);
    }

    @Override
    public SortedMap<String, Tensor> optimiserState() {
        return network.optimiserState();
    }

    @Override
    public void loadOptimiserState(SortedMap<String, Tensor> state) {
        network.loadOptimiserState(state);
    }

    @Override
    public void setLearningRate(double rate) {
        learningRate = rate;
    }

    @Override
    public void close() {
        network.close();
    }
}

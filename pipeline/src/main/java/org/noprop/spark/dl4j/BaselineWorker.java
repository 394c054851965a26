package org.noprop.spark.dl4j;

import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.noprop.network.Baseline;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.BaselineLearner;

/**
 * One worker in one averaging round. It replaces the three steps in which dl4j-spark builds, fits and reads a graph
 * of stock layers, by our network, loss and optimiser; how batches are split and sent, and how what workers return
 * is averaged, stays dl4j-spark's.
 */
final class BaselineWorker extends ParameterAveragingTrainingWorker {
    private final Broadcast<NetBroadcastTuple> carried;
    private final BaselineRound round;
    private transient Baseline network;
    private transient BaselineLearner learner;
    private transient double loss;
    private transient long rows;

    BaselineWorker(Broadcast<NetBroadcastTuple> carried, WorkerConfiguration configuration, BaselineRound round) {
        super(carried, true, configuration, null, null, null);
        this.carried = carried;
        this.round = round;
    }

    /**
     * Makes our network, with the state that all workers start from; it is closed when the task ends, however it does.
     * dl4j-spark needs no graph of its own.
     */
    @Override
    public ComputationGraph getInitialModelGraph() {
        NativeBackend.load();
        var plan = round.plan();
        Baseline made = plan.newBaseline(0);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> made.close());
        network = made;
        network.loadWeights(FlatState.unflatten(carried.value().getParameters(), network.weights()));
        network.loadOptimiserState(FlatState.unflatten(carried.value().getUpdaterState(), network.optimiserState()));
        network.setLearningRate(round.learningRate());
        learner = new BaselineLearner(network, plan.labels(), round.rows().open(), plan.baseline());
        return null;
    }

    /** One step, unless the task was cancelled. The batch carries the numbers of its rows, which the executor has. */
    @Override
    public ParameterAveragingTrainingResult processMinibatch(MultiDataSet batch, ComputationGraph none, boolean last) {
        if (TaskContext.get().isInterrupted()) {
            throw new CancellationException("The baseline's training was cancelled");
        }
        int[] numbers =
                batch.getFeatures(0).reshape(batch.getFeatures(0).length()).toIntVector();
        loss += numbers.length * learner.step(round.epoch(), numbers, 0, numbers.length);
        rows += numbers.length;
        return null;
    }

    /** What the worker returns; dl4j-spark adds other workers' listener figures, of which there are none, to its lists. */
    @Override
    public ParameterAveragingTrainingResult getFinalResult(ComputationGraph none) {
        return new ParameterAveragingTrainingResult(
                FlatState.flatten(network.weights()),
                FlatState.flatten(network.optimiserState()),
                loss / rows,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }
}

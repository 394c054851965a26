package org.noprop.spark.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;

/** dl4j-spark's parameter averaging with workers of ours. Batches lie evenly on the workers, and stay there. */
final class BaselineMaster extends ParameterAveragingTrainingMaster {
    private final transient BaselineRound round;
    private final transient List<Broadcast<?>> broadcasts = new ArrayList<>();

    /**
     * The master of one round.
     *
     * @param averaging how many workers, and how many batches each takes in the round
     * @param batchSize rows of a batch
     */
    BaselineMaster(Averaging averaging, int batchSize, BaselineRound round) {
        super(new Builder(averaging.workers(), batchSize)
                .batchSizePerWorker(batchSize)
                .averagingFrequency(averaging.frequency())
                .workerPrefetchNumBatches(0)
                .repartionData(Repartition.Never)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .saveUpdater(true));
        this.round = round;
    }

    @Override
    public ParameterAveragingTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
        Broadcast<NetBroadcastTuple> carried = graph.getSparkContext()
                .broadcast(new NetBroadcastTuple(
                        graph.getNetwork().getConfiguration(),
                        graph.getNetwork().params(),
                        graph.getNetwork().getUpdater().getStateViewArray()));
        broadcasts.add(carried);
        WorkerConfiguration configuration = new WorkerConfiguration(
                true, rddDataSetNumExamples, batchSizePerWorker, averagingFrequency, prefetchNumBatches, false);
        return new BaselineWorker(carried, configuration, round);
    }

    /** Takes from driver and executors what its workers were sent, once they have ended. */
    void destroyBroadcasts() {
        broadcasts.forEach(Broadcast::destroy);
        broadcasts.clear();
    }
}

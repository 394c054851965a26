package org.noprop.spark.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What dl4j-spark takes for the network at the driver: its weights and its optimiser state, each a flat vector.
 * The network that computes is made by each worker.
 */
final class CarriedGraph extends ComputationGraph {
    private transient INDArray weights;
    private final transient StateCarrier updater;

    CarriedGraph(INDArray weights, INDArray state) {
        super(placeholder());
        super.init();
        this.weights = weights;
        this.updater = new StateCarrier(this, state);
    }

    @Override
    public void init() {
        // The placeholder is set up already.
    }

    @Override
    public INDArray params() {
        return weights;
    }

    @Override
    public void setParams(INDArray averaged) {
        weights = averaged;
    }

    @Override
    public ComputationGraphUpdater getUpdater() {
        return updater;
    }

    /** The smallest graph that DL4J accepts. */
    private static ComputationGraphConfiguration placeholder() {
        return new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addVertex("out", new ScaleVertex(1), "in")
                .setOutputs("out")
                .build();
    }

    private static final class StateCarrier extends ComputationGraphUpdater {
        private INDArray state;

        StateCarrier(ComputationGraph graph, INDArray state) {
            super(graph);
            this.state = state;
        }

        @Override
        public INDArray getStateViewArray() {
            return state;
        }

        @Override
        public void setStateViewArray(INDArray averaged) {
            state = averaged;
        }
    }
}

package org.noprop.network;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex of DL4J's graph that runs a {@link Unit}; its parameters are views of the graph's flat vectors. */
@SuppressWarnings("overrides") // DL4J's own setInputs differs from its interface's in "..." only.
final class UnitVertex extends BaseGraphVertex {
    private final transient Unit unit;
    private final transient INDArray values;
    private transient INDArray gradients;

    UnitVertex(ComputationGraph graph, String name, int index, Unit unit, INDArray values, DataType type) {
        super(graph, name, index, null, null, type);
        this.unit = unit;
        this.values = values;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        return unit.forward(training, inputs.clone());
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        return new Pair<>(null, unit.backward(epsilon));
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray flat) {
        gradients = flat;
        unit.useGradients(flat);
    }

    @Override
    public INDArray params() {
        return values;
    }

    @Override
    public INDArray getGradientsViewArray() {
        return gradients;
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatch) {
        return null;
    }

    @Override
    public String toString() {
        return "UnitVertex(" + unit.name() + ")";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

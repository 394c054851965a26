package org.noprop.network;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How a {@link Unit} enters DL4J's graph configuration; it serves one graph, as its unit does. */
final class UnitConfiguration extends GraphVertex {
    private final transient Unit unit;

    UnitConfiguration(Unit unit) {
        this.unit = unit;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType networkType) {
        if (parameters != null) {
            unit.useValues(parameters);
        }
        return new UnitVertex(graph, name, index, unit, parameters, networkType);
    }

    @Override
    public long numParams(boolean backprop) {
        return unit.parameterCount();
    }

    @Override
    public int minVertexInputs() {
        return unit.inputs();
    }

    @Override
    public int maxVertexInputs() {
        return unit.inputs();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        throw new UnsupportedOperationException("Units are given their widths");
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        throw new UnsupportedOperationException("See the network's MemoryFigures");
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // A unit has one graph: there is nothing to copy.
    public GraphVertex clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnitConfiguration that && unit == that.unit;
    }

    @Override
    public int hashCode() {
        return unit.hashCode();
    }
}

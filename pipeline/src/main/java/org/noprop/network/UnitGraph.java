package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * A DL4J ComputationGraph of {@link Unit}s with one output, whose loss is computed outside: the caller
 * takes the output and gives its gradient back.
 *
 * <p>Units own their memory, so the graph runs without workspaces. DL4J loses track where a network input
 * without gradient feeds two vertices; an input is therefore declared once for each vertex that it feeds.
 */
final class UnitGraph implements AutoCloseable {
    private final ComputationGraph graph;
    private final List<Unit> units;
    private final Scratch scratch;
    private final RowSeeds rowSeeds;
    private final String output;

    private UnitGraph(ComputationGraph graph, Builder builder, String output) {
        this.graph = graph;
        this.scratch = builder.scratch;
        this.rowSeeds = builder.rowSeeds;
        this.units = List.copyOf(builder.units);
        this.output = output;
    }

    /** The output of a forward pass, [rows, width]. */
    INDArray forward(boolean training, INDArray... inputs) {
        return graph.feedForward(inputs, training, false).get(output);
    }

    /** The backward pass after {@link #forward} in training mode: fills {@link #gradients}. */
    void backward(INDArray outputGradient) {
        graph.backpropGradient(outputGradient);
    }

    /** The seeds that its dropouts draw from, to be set before a {@link #forward} in training mode. */
    RowSeeds rowSeeds() {
        return rowSeeds;
    }

    /** Its units in the order in which they were added. */
    List<Unit> units() {
        return units;
    }

    /** All trained values, [1, count]. */
    INDArray values() {
        return graph.params();
    }

    /** Their gradients, [1, count]. */
    INDArray gradients() {
        return graph.getGradientsViewArray();
    }

    /** Bytes of activations and their gradients. */
    long activationBytes() {
        return units.stream().mapToLong(Unit::activationBytes).sum();
    }

    /** Bytes that the units use in turn. */
    long scratchBytes() {
        return scratch.bytes();
    }

    /**
     * Frees the native memory. The graph's own close would collect Java's garbage twice as well, for which every task
     * of an executor stops.
     */
    @Override
    public void close() {
        units.forEach(Unit::close);
        scratch.close();
        free(values());
        free(gradients());
    }

    /** The graph hands out views, which do not own what they show. */
    private static void free(INDArray array) {
        DataBuffer shown = array.data();
        DataBuffer owner = shown.originalDataBuffer();
        (owner == null ? shown : owner).close();
    }

    /** Collects units and their inputs. */
    static final class Builder {
        private final GraphBuilder builder;
        private final Scratch scratch;
        private final List<Unit> units = new ArrayList<>();
        private final List<String> inputs = new ArrayList<>();
        private final RowSeeds rowSeeds = new RowSeeds();
        private final Initialisation initialisation;

        Builder(DataType type, Initialisation initialisation) {
            this.initialisation = initialisation;
            this.scratch = new Scratch(type);
            this.builder = new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .trainingWorkspaceMode(WorkspaceMode.NONE)
                    .inferenceWorkspaceMode(WorkspaceMode.NONE)
                    .graphBuilder();
        }

        /** What the graph's units share. */
        Scratch scratch() {
            return scratch;
        }

        /** The seeds that the graph's dropouts draw from. */
        RowSeeds rowSeeds() {
            return rowSeeds;
        }

        /** Declares the next input of the graph. */
        String input(String name) {
            inputs.add(name);
            return name;
        }

        /** Adds a unit that reads the outputs of the units and inputs of these names. */
        <U extends Unit> U add(U unit, String... from) {
            units.add(unit);
            builder.addVertex(unit.name(), new UnitConfiguration(unit), from);
            return unit;
        }

        /** The graph, its values drawn unit after unit from {@code random}. */
        UnitGraph build(Unit output, SplittableRandom random) {
            builder.addInputs(inputs).setOutputs(output.name());
            ComputationGraph graph = new ComputationGraph(builder.build());
            graph.init();
            graph.initGradientsView();
            units.forEach(unit -> unit.initialise(initialisation, random));
            return new UnitGraph(graph, this, output.name());
        }
    }
}

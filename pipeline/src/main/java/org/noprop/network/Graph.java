package org.noprop.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * A network as units in the order in which they run, from named inputs to one output. The loss is computed outside: the
 * caller takes the output and gives its gradient back. Inference runs the same units, of which it may leave out those
 * before a value that it knows already.
 *
 * <p>Values and gradients lie in memory of the units that computed them, until these run again.
 */
final class Graph implements AutoCloseable {
    /** A unit and the places, among all values, of what it reads. */
    private record Node(Unit unit, int[] from) {}

    private final Map<String, Integer> places;
    private final int inputs;
    private final List<Node> nodes;
    private final Scratch scratch;
    private final RowSeeds rowSeeds;
    private final WeightVector weights;
    private final INDArray[] values;
    private final INDArray[] gradients;

    private Graph(Builder builder) {
        this.places = Map.copyOf(builder.places);
        this.inputs = builder.inputs;
        this.nodes = List.copyOf(builder.nodes);
        this.scratch = builder.scratch;
        this.rowSeeds = builder.rowSeeds;
        this.weights = new WeightVector(scratch.type(), units());
        this.values = new INDArray[places.size()];
        this.gradients = new INDArray[places.size()];
    }

    /**
     * The output of a forward pass, [rows, width].
     *
     * @param training whether {@link #backward} may follow and batch norm uses the batch's statistics
     * @param in the inputs in the order of their declaration
     */
    INDArray forward(boolean training, INDArray... in) {
        System.arraycopy(in, 0, values, 0, inputs);
        for (int i = 0; i < nodes.size(); i++) {
            values[inputs + i] = nodes.get(i).unit().forward(training, read(nodes.get(i)));
        }
        return values[values.length - 1];
    }

    /** The backward pass after {@link #forward} in training mode: writes the gradients of all weights. */
    void backward(INDArray outputGradient) {
        Arrays.fill(gradients, null);
        gradients[gradients.length - 1] = outputGradient;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            INDArray[] propagated = nodes.get(i).unit().backward(gradients[inputs + i]);
            for (int j = 0; j < propagated.length; j++) {
                add(nodes.get(i).from()[j], propagated[j]);
            }
        }
    }

    private void add(int place, INDArray gradient) {
        if (gradient != null) {
            gradients[place] = gradients[place] == null ? gradient : gradients[place].addi(gradient);
        }
    }

    /** The gradient of an input after {@link #backward}; null if no unit that reads it propagates any. */
    INDArray inputGradient(String input) {
        return gradients[places.get(input)];
    }

    /**
     * The value of a unit in inference mode.
     *
     * @param known values of inputs, or of units, which are then not computed
     */
    INDArray infer(Unit wanted, Map<String, INDArray> known) {
        Arrays.fill(values, null);
        known.forEach((name, value) -> values[places.get(name)] = value);
        return infer(places.get(wanted.name()));
    }

    private INDArray infer(int place) {
        if (values[place] == null) {
            Node node = nodes.get(place - inputs);
            for (int from : node.from()) {
                infer(from);
            }
            values[place] = node.unit().forward(false, read(node));
        }
        return values[place];
    }

    private INDArray[] read(Node node) {
        INDArray[] in = new INDArray[node.from().length];
        Arrays.setAll(in, i -> values[node.from()[i]]);
        return in;
    }

    /** The seeds that its dropouts draw from, to be set before a {@link #forward} in training mode. */
    RowSeeds rowSeeds() {
        return rowSeeds;
    }

    /** Its units in the order in which they run. */
    List<Unit> units() {
        return nodes.stream().map(Node::unit).toList();
    }

    /** All trained values of its units and their gradients. */
    WeightVector weights() {
        return weights;
    }

    /** Bytes of activations and their gradients. */
    long activationBytes() {
        return nodes.stream().mapToLong(node -> node.unit().activationBytes()).sum();
    }

    /** Bytes that the units use in turn. */
    long scratchBytes() {
        return scratch.bytes();
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.unit().close());
        scratch.close();
        weights.close();
    }

    /** Collects inputs, then units in the order in which they run. */
    static final class Builder {
        private final Map<String, Integer> places = new HashMap<>();
        private final List<Node> nodes = new ArrayList<>();
        private final Scratch scratch;
        private final RowSeeds rowSeeds = new RowSeeds();
        private final Initialisation initialisation;
        private int inputs;

        /**
         * No units yet.
         *
         * @param type of all arrays: float32, or float64 for checks of gradients
         * @param names of the inputs
         */
        Builder(DataType type, Initialisation initialisation, String... names) {
            this.initialisation = initialisation;
            this.scratch = new Scratch(type);
            for (String name : names) {
                places.put(name, inputs);
                inputs++;
            }
        }

        /** What the graph's units share. */
        Scratch scratch() {
            return scratch;
        }

        /** The seeds that the graph's dropouts draw from. */
        RowSeeds rowSeeds() {
            return rowSeeds;
        }

        /** Adds a unit that reads the inputs and units of these names. */
        <U extends Unit> U add(U unit, String... from) {
            nodes.add(new Node(unit, Arrays.stream(from).mapToInt(places::get).toArray()));
            places.put(unit.name(), inputs + nodes.size() - 1);
            return unit;
        }

        /** The graph, whose output is that of the last unit, its weights drawn unit after unit from {@code random}. */
        Graph build(SplittableRandom random) {
            Graph graph = new Graph(this);
            graph.units().forEach(unit -> unit.initialise(initialisation, random));
            return graph;
        }
    }
}

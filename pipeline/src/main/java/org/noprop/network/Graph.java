package org.noprop.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.Layer;
import org.noprop.nn.Network;
import org.noprop.tensor.Scratch;

/**
 * A described network as units in the order in which they run. The loss is computed outside: the caller takes the output and
 * gives its gradient back. Inference runs the same units, of which it may leave out those before a value that it knows
 * already.
 *
 * <p>Values and gradients lie in memory of the units that computed them, until these run again.
 */
final class Graph implements AutoCloseable {
    /** A unit and the places, among all values, of what it reads. */
    private record Node(Unit unit, int[] from) {}

    private final Map<String, Integer> places = new HashMap<>();
    private final int inputs;
    private final List<Node> nodes = new ArrayList<>();
    private final Scratch scratch;
    private final RowSeeds rowSeeds = new RowSeeds();
    private final WeightVector weights;
    private final INDArray[] values;
    private final INDArray[] gradients;

    /**
     * The graph of a network, its weights drawn node after node from {@code random}.
     *
     * @param type of all arrays: float32, or float64 for checks of gradients
     * @param labels W_Embed; null where no layer multiplies by it
     */
    Graph(DataType type, Network network, LabelMatrix labels, SplittableRandom random) {
        this.inputs = network.inputs().size();
        this.scratch = new Scratch(type);
        network.inputs().forEach(input -> places.put(input, places.size()));
        for (Network.Node node : network.nodes()) {
            int[] from = node.from().stream().mapToInt(places::get).toArray();
            nodes.add(new Node(unit(node, labels), from));
            places.put(node.name(), places.size());
        }
        this.weights = new WeightVector(type, units());
        this.values = new INDArray[places.size()];
        this.gradients = new INDArray[places.size()];
        units().forEach(unit -> unit.initialise(network.initialisation(), random));
    }

    private Unit unit(Network.Node node, LabelMatrix labels) {
        String name = node.name();
        Layer layer = node.layer();
        if (layer instanceof Layer.Convolution convolution) {
            return new ConvolutionStage(scratch, name, convolution, node.propagates(), rowSeeds);
        }
        if (layer instanceof Layer.Dense dense) {
            return dense(name, dense, node.propagates());
        }
        if (layer instanceof Layer.Softmax softmax) {
            return new SoftmaxUnit(scratch, name, softmax.width());
        }
        if (layer instanceof Layer.LabelProduct) {
            return new EmbeddingProduct(scratch, name, labels);
        }
        return layer instanceof Layer.Sum
                ? new Sum(scratch, name, layer.width())
                : new Mix(scratch, name, layer.width());
    }

    private Unit dense(String name, Layer.Dense layer, boolean propagate) {
        int[] widths = layer.in().stream().mapToInt(Integer::intValue).toArray();
        return switch (layer.then()) {
            case NOTHING -> new Dense(scratch, name, layer.inputs(), layer.width());
            case RELU -> new DenseRelu(scratch, name, layer.width(), propagate, widths);
            case NORM, NORM_RELU -> new DenseNorm(scratch, name, layer.width(), layer.rectified(), propagate, widths);
        };
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
    INDArray infer(String wanted, Map<String, INDArray> known) {
        Arrays.fill(values, null);
        known.forEach((name, value) -> values[places.get(name)] = value);
        return infer(places.get(wanted));
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

    /** The unit of a node. */
    Unit unit(String node) {
        return nodes.get(places.get(node) - inputs).unit();
    }

    /** What its units share. */
    Scratch scratch() {
        return scratch;
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
}

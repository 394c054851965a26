package org.noprop.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network, described: layers in the order in which they run, from named inputs to the output of the last one.
 *
 * @param initialisation what its weights are drawn from, node after node
 * @param inputs their names
 * @param nodes at least one
 */
public record Network(Initialisation initialisation, List<String> inputs, List<Node> nodes) {

    /**
     * A layer at its place.
     *
     * @param name a prefix of the names of its tensors
     * @param layer what it computes
     * @param from the inputs and nodes that it reads, by name
     * @param propagates whether the gradients of what it reads are needed
     */
    public record Node(String name, Layer layer, List<String> from, boolean propagates) {}

    /** Copies the lists. */
    public Network {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
    }

    /** The node whose output is the network's. */
    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    /** Collects layers in the order in which they run. */
    public static final class Builder {
        private final Initialisation initialisation;
        private final Map<String, Boolean> inputs = new HashMap<>();
        private final List<String> names = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();

        /** No layers yet. */
        public Builder(Initialisation initialisation) {
            this.initialisation = initialisation;
        }

        /**
         * Declares an input.
         *
         * @param propagate whether its gradient is needed
         * @return its name
         */
        public String input(String name, boolean propagate) {
            inputs.put(name, propagate);
            names.add(name);
            return name;
        }

        /**
         * Adds a layer that reads these inputs and nodes, of which the gradients are needed if one of them is a node, or an
         * input whose gradient is.
         *
         * @return its name
         */
        public String add(String name, Layer layer, String... from) {
            List<String> read = List.of(from);
            boolean propagates = read.stream().anyMatch(source -> inputs.getOrDefault(source, true));
            nodes.add(new Node(name, layer, read, propagates));
            return name;
        }

        /** The network of all layers so far. */
        public Network build() {
            return new Network(initialisation, names, nodes);
        }
    }
}

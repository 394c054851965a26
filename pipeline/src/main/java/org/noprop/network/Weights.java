package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.noprop.nn.Initialisation;
import org.noprop.nn.Parameter;
import org.noprop.tensor.HostValues;

/** Trained arrays that belong together, in float32 or float64: views of flat vectors that others own. */
abstract class Weights {
    private final String name;
    private final List<Parameter> parameters;
    private final INDArray[] values;
    private final INDArray[] gradients;
    private final HostValues[] hosts;

    Weights(String name, List<Parameter> parameters) {
        this.name = name;
        this.parameters = List.copyOf(parameters);
        this.values = new INDArray[parameters.size()];
        this.gradients = new INDArray[parameters.size()];
        this.hosts = new HostValues[parameters.size()];
    }

    /** Their name in the network, a prefix of its tensors' names. */
    final String name() {
        return name;
    }

    final List<Parameter> parameters() {
        return parameters;
    }

    /** The name of a parameter's tensor. */
    final String tensorName(Parameter spec) {
        return spec.name().isEmpty() ? name : name + "." + spec.name();
    }

    final long parameterCount() {
        return parameters.stream().mapToLong(Parameter::length).sum();
    }

    /** What is kept with the weights but not trained, by name within them; the arrays themselves. */
    SortedMap<String, float[]> statistics() {
        return new TreeMap<>();
    }

    /** Uses this flat vector for the parameters, one after another. */
    final void useValues(INDArray flat) {
        split(flat, values);
        Arrays.fill(hosts, null);
    }

    /** Uses this flat vector for the gradients, in the parameters' order; what is never written stays. */
    final void useGradients(INDArray flat) {
        split(flat, gradients);
    }

    /** Draws the initial values. */
    final void initialise(Initialisation initialisation, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            Parameter spec = parameters.get(i);
            HostValues host = new HostValues(values[i]);
            double[] drawn = host.values();
            double spread = spec.spread(initialisation);
            for (int j = 0; j < drawn.length; j++) {
                drawn[j] = spread == 0 ? spec.constant() : spread * (2 * random.nextDouble() - 1);
            }
            host.push();
        }
    }

    /**
     * Replaces the initial values of parameter {@code index}.
     *
     * @param start as many as it has, row-major
     */
    final void startAt(int index, double[] start) {
        HostValues host = new HostValues(values[index]);
        System.arraycopy(start, 0, host.values(), 0, start.length);
        host.push();
    }

    /** Parameter {@code index}, in its shape. */
    final INDArray value(int index) {
        return values[index];
    }

    /** The gradient of parameter {@code index}, in its shape. */
    final INDArray gradient(int index) {
        return gradients[index];
    }

    /** A host copy of parameter {@code index}: for small ones. */
    final HostValues host(int index) {
        if (hosts[index] == null) {
            hosts[index] = new HostValues(values[index]);
        }
        return hosts[index];
    }

    private void split(INDArray flat, INDArray[] parts) {
        long start = 0;
        for (int i = 0; i < parts.length; i++) {
            Parameter spec = parameters.get(i);
            parts[i] = flat.get(NDArrayIndex.interval(start, start + spec.length()))
                    .reshape('c', spec.shape());
            start += spec.length();
        }
    }
}

package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.tensor.HostMemory;
import org.noprop.tensor.Optimiser;
import org.noprop.tensor.OptimiserSettings;

/** Float32 weights that lie in one flat vector, and their optimiser. */
final class OptimisedWeights {
    private static final String FIRST_MOMENT = ".first-moment";
    private static final String SECOND_MOMENT = ".second-moment";

    private final List<? extends Weights> weights;
    private final INDArray values;
    private final INDArray gradients;
    private final int count;
    private final Optimiser optimiser;
    private INDArray sum;

    /**
     * Weights with an optimiser that has made no step.
     *
     * @param weights whose parameters are views of {@code values}, which holds nothing else
     * @param values flat
     * @param gradients flat, in the same order
     */
    OptimisedWeights(List<? extends Weights> weights, INDArray values, INDArray gradients, OptimiserSettings settings) {
        this.weights = List.copyOf(weights);
        this.values = values;
        this.gradients = gradients;
        this.count = Math.toIntExact(values.length());
        this.optimiser = new Optimiser(settings, count);
    }

    /** How many values. */
    int count() {
        return count;
    }

    Optimiser optimiser() {
        return optimiser;
    }

    /** One step along the gradients. */
    void step() {
        optimiser.step(HostMemory.floats(values), HostMemory.floats(gradients));
        HostMemory.written(values);
    }

    /** Adds the gradients to the sum that the next {@link #stepAccumulated} goes along. */
    void accumulate() {
        if (sum == null) {
            sum = Nd4j.zeros(gradients.dataType(), gradients.shape());
        }
        sum.addi(gradients);
    }

    /** One step along the sum, which starts anew. */
    void stepAccumulated() {
        gradients.assign(sum);
        sum.assign(0);
        step();
    }

    /** How many values the sum has; 0 before the first {@link #accumulate}. */
    long accumulatedCount() {
        return sum == null ? 0 : sum.length();
    }

    /** Frees the sum. */
    void close() {
        if (sum != null) {
            sum.close();
        }
    }

    /** All values, copied out. */
    float[] read() {
        float[] flat = new float[count];
        HostMemory.floats(values).get(flat);
        return flat;
    }

    /** Puts all values back. */
    void write(float[] flat) {
        HostMemory.floats(values).put(flat);
        HostMemory.written(values);
    }

    /** Adds the parameters to a table, as parts of {@code flat}. */
    void addValues(TensorTable table, float[] flat) {
        add(table, flat, "");
    }

    /** Adds the moments to a table, as parts of the optimiser's own arrays. */
    void addMoments(TensorTable table) {
        add(table, optimiser.first(), FIRST_MOMENT);
        add(table, optimiser.second(), SECOND_MOMENT);
    }

    private void add(TensorTable table, float[] flat, String suffix) {
        for (Weights part : weights) {
            for (int i = 0; i < part.parameters().size(); i++) {
                ParameterSpec spec = part.parameters().get(i);
                int start = Math.toIntExact(part.value(i).offset());
                table.add(tensorName(part, spec) + suffix, flat, start, spec.shape());
            }
        }
    }

    static String tensorName(Weights part, ParameterSpec spec) {
        return spec.name().isEmpty() ? part.name() : part.name() + "." + spec.name();
    }
}

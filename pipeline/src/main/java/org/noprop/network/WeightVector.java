package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.noprop.nn.Parameter;
import org.noprop.tensor.HostMemory;
import org.noprop.tensor.Optimiser;
import org.noprop.tensor.OptimiserSettings;

/** Weights that lie one after another in one flat vector, with their gradients and, in float32, their optimiser. */
final class WeightVector implements AutoCloseable {
    private static final String FIRST_MOMENT = ".first-moment";
    private static final String SECOND_MOMENT = ".second-moment";

    private final List<Weights> parts;
    private final INDArray values;
    private final INDArray gradients;
    private final int count;
    private Optimiser optimiser;
    private INDArray sum;

    /** Values and gradients of 0 for these weights, which from now on use them; at least one value. */
    WeightVector(DataType type, List<? extends Weights> parts) {
        this.parts = List.copyOf(parts);
        this.count = Math.toIntExact(
                parts.stream().mapToLong(Weights::parameterCount).sum());
        this.values = Nd4j.zeros(type, count);
        this.gradients = Nd4j.zeros(type, count);
        long start = 0;
        for (Weights part : parts) {
            long end = start + part.parameterCount();
            if (end > start) {
                part.useValues(values.get(NDArrayIndex.interval(start, end)));
                part.useGradients(gradients.get(NDArrayIndex.interval(start, end)));
            }
            start = end;
        }
    }

    /** Starts an optimiser that has made no step. */
    void optimiseBy(OptimiserSettings settings) {
        optimiser = new Optimiser(settings, count);
    }

    List<Weights> parts() {
        return parts;
    }

    /** How many values. */
    int count() {
        return count;
    }

    /** All values, [count]. */
    INDArray values() {
        return values;
    }

    /** All gradients, [count]. */
    INDArray gradients() {
        return gradients;
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

    /** Adds the parameters to a table, as parts of {@code flat}, which {@link #read} gave. */
    void addValues(TensorTable table, float[] flat) {
        add(table, flat, "");
    }

    /** Adds the moments to a table, as parts of the optimiser's own arrays. */
    void addMoments(TensorTable table) {
        add(table, optimiser.first(), FIRST_MOMENT);
        add(table, optimiser.second(), SECOND_MOMENT);
    }

    private void add(TensorTable table, float[] flat, String suffix) {
        int start = 0;
        for (Weights part : parts) {
            for (Parameter spec : part.parameters()) {
                table.add(part.tensorName(spec) + suffix, flat, start, spec.shape());
                start += Math.toIntExact(spec.length());
            }
        }
    }

    @Override
    public void close() {
        values.close();
        gradients.close();
        if (sum != null) {
            sum.close();
        }
    }
}

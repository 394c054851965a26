package org.noprop.network;

import java.util.SortedMap;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.AdamW;
import org.noprop.tensor.Tensor;

/** A float32 graph with its optimiser: one step, and both in and out as tensors. */
final class TrainedGraph implements AutoCloseable {
    private static final String STEPS = "steps";

    private final UnitGraph graph;
    private final AdamW optimiser;
    private final FloatPointer values;
    private final FloatPointer gradients;
    private final int count;

    TrainedGraph(UnitGraph graph, AdamWSettings settings) {
        this.graph = graph;
        this.values = (FloatPointer) graph.values().data().addressPointer();
        this.gradients = (FloatPointer) graph.gradients().data().addressPointer();
        this.count = Math.toIntExact(graph.values().length());
        this.optimiser = new AdamW(settings.learningRate(), settings.weightDecay(), count);
    }

    /** Sets what the next forward pass in training mode draws its dropout masks from. */
    void useRowSeeds(long[] seeds) {
        graph.rowSeeds().use(seeds);
    }

    INDArray forward(boolean training, INDArray... inputs) {
        return graph.forward(training, inputs);
    }

    /** The backward pass and an optimiser step. */
    void learn(INDArray outputGradient) {
        graph.backward(outputGradient);
        optimiser.step(values, gradients);
    }

    long parameters() {
        return count;
    }

    SortedMap<String, Tensor> weights() {
        float[] flat = new float[count];
        values.get(flat);
        return weightTable(flat).read();
    }

    void loadWeights(SortedMap<String, Tensor> weights) {
        float[] flat = new float[count];
        weightTable(flat).write(weights);
        values.put(flat);
    }

    SortedMap<String, Tensor> optimiserState() {
        return stateTable(new float[] {optimiser.steps()}).read();
    }

    void loadOptimiserState(SortedMap<String, Tensor> state) {
        float[] steps = new float[1];
        stateTable(steps).write(state);
        optimiser.setSteps((int) steps[0]);
    }

    void setLearningRate(double learningRate) {
        optimiser.setLearningRate(learningRate);
    }

    /**
     * The bytes that it accounts for.
     *
     * @param batch those of its batch
     */
    MemoryFigures memory(long batch) {
        long statistics = graph.units().stream()
                .flatMap(unit -> unit.statistics().values().stream())
                .mapToLong(array -> array.length)
                .sum();
        long bytes = Float.BYTES;
        return new MemoryFigures(
                bytes * (count + statistics),
                bytes * count,
                2 * bytes * count,
                graph.activationBytes(),
                graph.scratchBytes(),
                batch);
    }

    @Override
    public void close() {
        graph.close();
    }

    private TensorTable weightTable(float[] flat) {
        TensorTable table = new TensorTable();
        addParameters(table, flat, "");
        for (Unit unit : graph.units()) {
            unit.statistics().forEach((name, array) -> table.add(unit.name() + "." + name, array, 0, array.length));
        }
        return table;
    }

    private TensorTable stateTable(float[] steps) {
        TensorTable table = new TensorTable();
        addParameters(table, optimiser.first(), ".first-moment");
        addParameters(table, optimiser.second(), ".second-moment");
        table.add(STEPS, steps, 0);
        return table;
    }

    private void addParameters(TensorTable table, float[] flat, String suffix) {
        for (Unit unit : graph.units()) {
            for (int i = 0; i < unit.parameters().size(); i++) {
                ParameterSpec spec = unit.parameters().get(i);
                int start = Math.toIntExact(unit.value(i).offset());
                table.add(unit.name() + "." + spec.name() + suffix, flat, start, spec.shape());
            }
        }
    }
}

package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

/**
 * A float32 graph with its optimiser, perhaps with {@link CommonWeights} beside it that move by the same
 * rule: one step, and both in and out as tensors.
 */
final class TrainedGraph implements AutoCloseable {
    private static final String STEPS = "steps";

    private final UnitGraph graph;
    private final CommonWeights common;
    private final OptimisedWeights own;
    private final List<OptimisedWeights> all;

    /** A graph alone. */
    TrainedGraph(UnitGraph graph, OptimiserSettings settings) {
        this(graph, null, settings);
    }

    /** A graph and weights beside it; null for none. */
    TrainedGraph(UnitGraph graph, CommonWeights common, OptimiserSettings settings) {
        this.graph = graph;
        this.common = common;
        this.own = new OptimisedWeights(graph.units(), graph.values(), graph.gradients(), settings);
        this.all = new ArrayList<>(List.of(own));
        if (common != null) {
            all.add(new OptimisedWeights(common.parts(), common.values(), common.gradients(), settings));
        }
    }

    /** Sets what the next forward pass in training mode draws its dropout masks from. */
    void useRowSeeds(long[] seeds) {
        graph.rowSeeds().use(seeds);
    }

    INDArray forward(boolean training, INDArray... inputs) {
        return graph.forward(training, inputs);
    }

    /** The backward pass through the graph and {@link #step}. */
    void learn(INDArray outputGradient) {
        backward(outputGradient);
        step();
    }

    /** The backward pass through the graph alone. */
    void backward(INDArray outputGradient) {
        graph.backward(outputGradient);
    }

    /** Adds all gradients to those that the next {@link #stepAccumulated} goes along. */
    void accumulate() {
        all.forEach(OptimisedWeights::accumulate);
    }

    /** An optimiser step along the sum of what was accumulated since the last one. */
    void stepAccumulated() {
        all.forEach(OptimisedWeights::stepAccumulated);
    }

    /** An optimiser step along all gradients. */
    void step() {
        all.forEach(OptimisedWeights::step);
    }

    /** Trained values of the graph. */
    long parameters() {
        return own.count();
    }

    SortedMap<String, Tensor> weights() {
        return weightTable(read()).read();
    }

    void loadWeights(SortedMap<String, Tensor> weights) {
        List<float[]> values = read();
        weightTable(values).write(weights);
        write(values);
    }

    SortedMap<String, Tensor> optimiserState() {
        return stateTable(new float[] {own.optimiser().steps()}).read();
    }

    void loadOptimiserState(SortedMap<String, Tensor> state) {
        float[] steps = new float[1];
        stateTable(steps).write(state);
        all.forEach(weights -> weights.optimiser().setSteps((int) steps[0]));
    }

    void setLearningRate(double learningRate) {
        all.forEach(weights -> weights.optimiser().setLearningRate(learningRate));
    }

    /** The names of the weights beside the graph. */
    SortedSet<String> commonNames() {
        SortedSet<String> names = new TreeSet<>();
        if (common != null) {
            for (Weights part : common.parts()) {
                part.parameters().forEach(spec -> names.add(OptimisedWeights.tensorName(part, spec)));
            }
        }
        return names;
    }

    /** The weights beside the graph, and their moments. */
    SortedMap<String, Tensor> common() {
        return commonTable(read()).read();
    }

    void loadCommon(SortedMap<String, Tensor> tensors) {
        List<float[]> values = read();
        commonTable(values).write(tensors);
        write(values);
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
        long count = all.stream().mapToLong(OptimisedWeights::count).sum();
        long sums = all.stream().mapToLong(OptimisedWeights::accumulatedCount).sum();
        long bytes = Float.BYTES;
        return new MemoryFigures(
                bytes * (count + statistics),
                bytes * (count + sums),
                2 * bytes * count,
                graph.activationBytes(),
                graph.scratchBytes(),
                batch);
    }

    @Override
    public void close() {
        graph.close();
        all.forEach(OptimisedWeights::close);
        if (common != null) {
            common.close();
        }
    }

    private List<float[]> read() {
        return all.stream().map(OptimisedWeights::read).toList();
    }

    private void write(List<float[]> values) {
        for (int i = 0; i < values.size(); i++) {
            all.get(i).write(values.get(i));
        }
    }

    private TensorTable weightTable(List<float[]> values) {
        TensorTable table = new TensorTable();
        for (int i = 0; i < values.size(); i++) {
            all.get(i).addValues(table, values.get(i));
        }
        for (Unit unit : graph.units()) {
            unit.statistics().forEach((name, array) -> table.add(unit.name() + "." + name, array, 0, array.length));
        }
        return table;
    }

    private TensorTable stateTable(float[] steps) {
        TensorTable table = new TensorTable();
        all.forEach(weights -> weights.addMoments(table));
        table.add(STEPS, steps, 0);
        return table;
    }

    private TensorTable commonTable(List<float[]> values) {
        TensorTable table = new TensorTable();
        for (int i = 1; i < values.size(); i++) {
            all.get(i).addValues(table, values.get(i));
            all.get(i).addMoments(table);
        }
        return table;
    }
}

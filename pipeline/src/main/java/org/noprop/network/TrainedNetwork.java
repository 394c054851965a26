package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/**
 * A float32 graph with its optimiser, perhaps with weights beside it that move by the same rule (W_Embed, a head, a noise
 * schedule), whose state leaves as tensors and comes back. Tensors of the optimiser's state have the weights' names
 * with the suffixes ".first-moment" and ".second-moment"; "steps" counts them.
 *
 * <p>An instance belongs to one thread. The same weights, batches and native library give bit-identical results.
 */
abstract class TrainedNetwork implements Trainable {
    private static final String STEPS = "steps";

    private final NetworkShape shape;
    private final Graph graph;
    private final List<WeightVector> beside;
    private final List<WeightVector> all;

    /**
     * A network whose weights start as they are.
     *
     * @param beside weights beside the graph, which the network closes; none, or one vector
     */
    TrainedNetwork(NetworkShape shape, Graph graph, List<WeightVector> beside, OptimiserSettings settings) {
        this.shape = shape;
        this.graph = graph;
        this.beside = List.copyOf(beside);
        this.all = new ArrayList<>(List.of(graph.weights()));
        this.all.addAll(beside);
        all.forEach(weights -> weights.optimiseBy(settings));
    }

    static NetworkShape shape(ImagePart image, LabelMatrix labels) {
        return new NetworkShape(image.components(), labels.width(), labels.classes());
    }

    /** What the network was built for. */
    public final NetworkShape shape() {
        return shape;
    }

    /**
     * How many trained values its graph has: of a block that is θ_t, the figure of the paper's Table 5, which counts
     * neither running statistics nor what lies beside the graph.
     */
    public final long parameters() {
        return graph.weights().count();
    }

    final Graph graph() {
        return graph;
    }

    /**
     * Checks that a training batch has rows enough for batch norm.
     *
     * @throws IllegalArgumentException if it has not
     */
    static void requireRows(int rows) {
        if (rows < 2) {
            throw new IllegalArgumentException("Batch norm needs at least 2 rows to train on, got " + rows);
        }
    }

    /** Adds all gradients to those that the next {@link #stepAccumulated} goes along. */
    final void accumulate() {
        all.forEach(WeightVector::accumulate);
    }

    /** An optimiser step along the sum of what was accumulated since the last one. */
    final void stepAccumulated() {
        all.forEach(WeightVector::stepAccumulated);
    }

    /** An optimiser step along all gradients. */
    final void step() {
        all.forEach(WeightVector::step);
    }

    @Override
    public final SortedMap<String, Tensor> weights() {
        return weightTable(read()).read();
    }

    @Override
    public final void loadWeights(SortedMap<String, Tensor> weights) {
        List<float[]> values = read();
        weightTable(values).write(weights);
        write(values);
    }

    @Override
    public final SortedMap<String, Tensor> optimiserState() {
        return stateTable(new float[] {graph.weights().optimiser().steps()}).read();
    }

    @Override
    public final void loadOptimiserState(SortedMap<String, Tensor> state) {
        float[] steps = new float[1];
        stateTable(steps).write(state);
        all.forEach(weights -> weights.optimiser().setSteps((int) steps[0]));
    }

    @Override
    public final void setLearningRate(double learningRate) {
        all.forEach(weights -> weights.optimiser().setLearningRate(learningRate));
    }

    /** The names of the weights beside the graph. */
    final SortedSet<String> besideNames() {
        SortedSet<String> names = new TreeSet<>();
        for (WeightVector vector : beside) {
            for (Weights part : vector.parts()) {
                part.parameters().forEach(spec -> names.add(part.tensorName(spec)));
            }
        }
        return names;
    }

    /** The weights beside the graph, and their moments. */
    final SortedMap<String, Tensor> beside() {
        return besideTable(read()).read();
    }

    final void loadBeside(SortedMap<String, Tensor> tensors) {
        List<float[]> values = read();
        besideTable(values).write(tensors);
        write(values);
    }

    /** Bytes of the network's own copies of a batch, and of what its loss computes. */
    abstract long batchBytes();

    /** The memory it accounts for. */
    public final MemoryFigures memory() {
        long statistics = graph.units().stream()
                .flatMap(unit -> unit.statistics().values().stream())
                .mapToLong(array -> array.length)
                .sum();
        long count = all.stream().mapToLong(WeightVector::count).sum();
        long sums = all.stream().mapToLong(WeightVector::accumulatedCount).sum();
        long bytes = Float.BYTES;
        return new MemoryFigures(
                bytes * (count + statistics),
                bytes * (count + sums),
                2 * bytes * count,
                graph.activationBytes(),
                graph.scratchBytes(),
                batchBytes());
    }

    @Override
    public void close() {
        graph.close();
        beside.forEach(WeightVector::close);
    }

    private List<float[]> read() {
        return all.stream().map(WeightVector::read).toList();
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

    private TensorTable besideTable(List<float[]> values) {
        TensorTable table = new TensorTable();
        for (int i = 1; i < values.size(); i++) {
            all.get(i).addValues(table, values.get(i));
            all.get(i).addMoments(table);
        }
        return table;
    }
}

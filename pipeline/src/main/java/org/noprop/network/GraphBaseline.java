package org.noprop.network;

import java.util.SortedMap;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Tensor;

/** The baseline as one DL4J graph. */
final class GraphBaseline implements BaselineNetwork {
    private final NetworkShape shape;
    private final int blocks;
    private final TrainedGraph graph;
    private final CrossEntropy loss;
    private final BatchInput images;
    private final BatchInput starts;

    GraphBaseline(int blocks, ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        if (blocks < 1) {
            throw new IllegalArgumentException("A baseline needs at least 1 block, got " + blocks);
        }
        this.shape = new NetworkShape(image.components(), labels.width(), labels.classes());
        this.blocks = blocks;
        SplittableRandom random = new SplittableRandom(weightSeed);
        this.graph = new TrainedGraph(BaselineUnits.graph(DataType.FLOAT, blocks, image, labels, random), optimiser);
        this.loss = new CrossEntropy(DataType.FLOAT, labels.classes());
        this.images = new BatchInput(image.components());
        this.starts = new BatchInput(labels.width());
    }

    @Override
    public NetworkShape shape() {
        return shape;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public long parameters() {
        return graph.parameters();
    }

    @Override
    public double trainStep(BaselineBatch batch) {
        Batches.checkRows(batch.rows());
        graph.useRowSeeds(batch.dropoutSeeds());
        INDArray logits = forward(true, batch.images(), batch.start(), 0, batch.rows());
        double entropy = loss.measure(logits, batch.labels());
        graph.learn(loss.gradient());
        return entropy;
    }

    @Override
    public void classify(int rows, float[] x, float[] start, float[] probabilities) {
        int classes = shape.classes();
        for (int first = 0; first < rows; first += GraphBlock.CHUNK) {
            int count = Math.min(GraphBlock.CHUNK, rows - first);
            double[] logits = new HostValues(forward(false, x, start, first, count)).pull();
            for (int row = 0; row < count; row++) {
                Softmax.inPlace(logits, row * classes, classes);
            }
            Batches.copyOut(logits, probabilities, first * classes);
        }
    }

    @Override
    public SortedMap<String, Tensor> weights() {
        return graph.weights();
    }

    @Override
    public void loadWeights(SortedMap<String, Tensor> weights) {
        graph.loadWeights(weights);
    }

    @Override
    public SortedMap<String, Tensor> optimiserState() {
        return graph.optimiserState();
    }

    @Override
    public void loadOptimiserState(SortedMap<String, Tensor> state) {
        graph.loadOptimiserState(state);
    }

    @Override
    public void setLearningRate(double learningRate) {
        graph.setLearningRate(learningRate);
    }

    @Override
    public MemoryFigures memory() {
        return graph.memory(images.bytes() + starts.bytes() + loss.bytes());
    }

    @Override
    public void close() {
        graph.close();
        loss.close();
        images.close();
        starts.close();
    }

    private INDArray forward(boolean training, float[] x, float[] start, int first, int count) {
        INDArray[] inputs = BaselineUnits.inputs(
                new INDArray[blocks + 2], images.copy(x, first, count), starts.copy(start, first, count));
        return graph.forward(training, inputs);
    }
}

package org.noprop.network;

import java.util.SortedMap;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Tensor;

/** A block as a DL4J graph. */
final class GraphBlock implements BlockNetwork {
    /** Rows at once in inference: its memory does not grow beyond. */
    static final int CHUNK = 256;

    private final NetworkShape shape;
    private final BlockUnits units;
    private final TrainedGraph graph;
    private final SquaredError loss;
    private final BatchInput images;
    private final BatchInput features = new BatchInput(BlockUnits.WIDTH);
    private final BatchInput noisedLabels;

    GraphBlock(ImagePart image, LabelEmbedding labels, AdamWSettings optimiser, long weightSeed) {
        this.shape = new NetworkShape(image.components(), labels.width(), labels.classes());
        UnitGraph.Builder builder = new UnitGraph.Builder(DataType.FLOAT);
        BlockUnits.Site site = new BlockUnits.Site("", builder.input("x"), builder.input("z"), false);
        this.units = BlockUnits.addTo(builder, site, image, labels);
        this.graph = new TrainedGraph(builder.build(units.estimate(), new SplittableRandom(weightSeed)), optimiser);
        this.loss = new SquaredError(DataType.FLOAT, labels);
        this.images = new BatchInput(image.components());
        this.noisedLabels = new BatchInput(labels.width());
    }

    @Override
    public NetworkShape shape() {
        return shape;
    }

    @Override
    public long parameters() {
        return graph.parameters();
    }

    @Override
    public double trainStep(BlockBatch batch, double lossWeight) {
        Batches.checkRows(batch.rows());
        INDArray x = images.copy(batch.images(), 0, batch.rows());
        INDArray z = noisedLabels.copy(batch.noisedLabels(), 0, batch.rows());
        graph.useRowSeeds(batch.dropoutSeeds());
        INDArray estimate = graph.forward(true, x, z);
        double error = loss.measure(estimate, batch.labels(), lossWeight);
        graph.learn(loss.gradient());
        return error;
    }

    @Override
    public int featureWidth() {
        return BlockUnits.WIDTH;
    }

    @Override
    public void encodeImages(int rows, float[] x, float[] encoded) {
        for (int first = 0; first < rows; first += CHUNK) {
            int count = Math.min(CHUNK, rows - first);
            BatchInput.copyOut(units.encode(images.copy(x, first, count)), encoded, first);
        }
    }

    @Override
    public void denoise(int rows, float[] encoded, float[] z, float[] output, float[] probabilities) {
        for (int first = 0; first < rows; first += CHUNK) {
            int count = Math.min(CHUNK, rows - first);
            INDArray estimate = units.denoise(features.copy(encoded, first, count), noisedLabels.copy(z, first, count));
            BatchInput.copyOut(estimate, output, first);
            if (probabilities != null) {
                Batches.copyOut(units.estimate().probabilities(), probabilities, first * shape.classes());
            }
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
        return graph.memory(images.bytes() + features.bytes() + noisedLabels.bytes() + loss.bytes());
    }

    @Override
    public void close() {
        graph.close();
        loss.close();
        images.close();
        features.close();
        noisedLabels.close();
    }
}

package org.noprop.network;

import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.OptimiserSettings;

/** The baseline as one DL4J graph; trainable label embeddings lie beside it, unless it has no blocks to use them. */
final class GraphBaseline extends GraphNetwork implements BaselineNetwork {
    private final int blocks;
    private final LabelMatrix labels;
    private final CrossEntropy loss;
    private final BatchInput images;
    private final BatchInput starts;

    private GraphBaseline(int blocks, ImagePart image, LabelMatrix labels, TrainedGraph graph) {
        super(shape(image, labels), graph);
        this.blocks = blocks;
        this.labels = labels;
        this.loss = new CrossEntropy(DataType.FLOAT, labels.classes());
        this.images = new BatchInput(image.components());
        this.starts = new BatchInput(labels.width());
    }

    static GraphBaseline create(
            int blocks, ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed) {
        if (blocks < 0) {
            throw new IllegalArgumentException("A baseline needs at least 0 blocks, got " + blocks);
        }
        LabelMatrix matrix = new LabelMatrix(DataType.FLOAT, labels);
        if (blocks == 0) {
            UnitGraph plain =
                    PlainUnits.graph(DataType.FLOAT, image, labels.classes(), new SplittableRandom(weightSeed));
            return new GraphBaseline(0, image, matrix, new TrainedGraph(plain, null, optimiser));
        }
        CommonWeights common = labels.trainable() ? new CommonWeights(DataType.FLOAT, List.of(matrix)) : null;
        matrix.start();
        UnitGraph graph = BaselineUnits.graph(DataType.FLOAT, blocks, image, matrix, new SplittableRandom(weightSeed));
        return new GraphBaseline(blocks, image, matrix, new TrainedGraph(graph, common, optimiser));
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public double trainStep(BaselineBatch batch) {
        Batches.checkRows(batch.rows());
        if (blocks > 0) {
            labels.beginStep();
        }
        graph().useRowSeeds(batch.dropoutSeeds());
        INDArray logits = forward(true, batch.images(), batch.start(), 0, batch.rows());
        double entropy = loss.measure(logits, batch.labels());
        graph().learn(loss.gradient());
        return entropy;
    }

    @Override
    public void classify(int rows, float[] x, float[] start, float[] probabilities) {
        int classes = shape().classes();
        for (int first = 0; first < rows; first += BlockInference.CHUNK) {
            int count = Math.min(BlockInference.CHUNK, rows - first);
            double[] logits = new HostValues(forward(false, x, start, first, count)).pull();
            for (int row = 0; row < count; row++) {
                Softmax.inPlace(logits, row * classes, classes);
            }
            Batches.copyOut(logits, probabilities, first * classes);
        }
    }

    @Override
    long batchBytes() {
        return images.bytes() + starts.bytes() + loss.bytes() + labels.bytes();
    }

    @Override
    public void close() {
        graph().close();
        labels.close();
        loss.close();
        images.close();
        starts.close();
    }

    private INDArray forward(boolean training, float[] x, float[] start, int first, int count) {
        INDArray copied = images.copy(x, first, count);
        return blocks == 0
                ? graph().forward(training, copied)
                : graph().forward(
                                training,
                                BaselineUnits.inputs(
                                        new INDArray[blocks + 2], copied, starts.copy(start, first, count)));
    }
}

package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.OptimiserSettings;

/** The baseline as one DL4J graph; trainable label embeddings lie beside it, unless it has no blocks to use them. */
final class GraphBaseline extends GraphNetwork implements BaselineNetwork {
    private static final int SMALLEST_PART = 2;

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
    public double trainStep(BaselineBatch batch, int microBatches) {
        int rows = batch.rows();
        Batches.checkRows(rows);
        int parts = Math.min(microBatches, rows / SMALLEST_PART);
        if (parts == 1) {
            double entropy = backward(batch, 0, rows);
            graph().step();
            return entropy;
        }
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            int first = (int) ((long) rows * part / parts);
            int end = (int) ((long) rows * (part + 1) / parts);
            sum += backward(batch, first, end - first);
            graph().accumulate();
        }
        graph().stepAccumulated();
        return sum;
    }

    /** The gradients of a part's share of the mean cross-entropy, and that share. */
    private double backward(BaselineBatch batch, int first, int count) {
        if (blocks > 0) {
            labels.beginStep();
        }
        graph().useRowSeeds(part(batch.dropoutSeeds(), first, count));
        INDArray logits = forward(true, batch.images(), batch.start(), first, count);
        int[] own = Arrays.copyOfRange(batch.labels(), first, first + count);
        double share = loss.measure(logits, own, count / (double) batch.rows());
        graph().backward(loss.gradient());
        return share;
    }

    private static long[] part(long[] seeds, int first, int count) {
        return first == 0 || seeds.length == 0 ? seeds : Arrays.copyOfRange(seeds, first, first + count);
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

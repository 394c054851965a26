package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.nn.BaselineNetwork;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;

/**
 * The baseline: the same T blocks of NoProp-DT trained end to end by back-propagation (Equations 17-19 of arXiv
 * 2503.24322v2): z_t = (1-α_t) z_{t-1} + α_t û_t(z_{t-1}, x) with α_t = tanh(w_t) learned, and a softmax head on z_T under
 * cross-entropy. Trainable label embeddings are trained with it.
 *
 * <p>With no blocks it is a plain classifier of a block's width that sees x alone: the image part of a block, with ReLU in
 * place of its BN, FC256 BN ReLU FC128 BN ReLU FC(m), or with as many features as the image part has.
 */
public final class Baseline extends TrainedNetwork {
    private static final int SMALLEST_PART = 2;

    /**
     * How sharply the head reads label embeddings to start with. The paper does not say how its weights start;
     * drawn at random and small, they grow by a learning rate a step, and the baseline, whose z_T never exceeds
     * a label embedding's length, takes many times as many steps to the same accuracy.
     */
    private static final double HEAD_SCALE = 8;

    private final int blocks;
    private final LabelMatrix labels;
    private final CrossEntropy loss;
    private final BatchInput images;
    private final BatchInput starts;

    private Baseline(
            int blocks,
            ImagePart image,
            LabelMatrix labels,
            Graph graph,
            List<WeightVector> beside,
            OptimiserSettings optimiser) {
        super(shape(image, labels), graph, beside, optimiser);
        this.blocks = blocks;
        this.labels = labels;
        this.loss = new CrossEntropy(DataType.FLOAT, labels.classes());
        this.images = new BatchInput(image.components());
        this.starts = new BatchInput(labels.width());
    }

    /**
     * A new baseline.
     *
     * @param blocks T, or 0 for the plain classifier
     * @param image what each block does with an image
     * @param labels the label embedding; where it starts, if it is trained
     * @param weightSeed what the initial weights are drawn from
     * @throws IllegalArgumentException if there are fewer than no blocks, or label embeddings are images of another size
     *     than {@code image} takes
     */
    public static Baseline create(
            int blocks, ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed) {
        if (blocks < 0) {
            throw new IllegalArgumentException("A baseline needs at least 0 blocks, got " + blocks);
        }
        NativeBackend.load();
        SplittableRandom random = new SplittableRandom(weightSeed);
        LabelMatrix matrix = new LabelMatrix(DataType.FLOAT, labels);
        if (blocks == 0) {
            Graph plain = new Graph(DataType.FLOAT, BaselineNetwork.plain(image, labels.classes()), null, random);
            return new Baseline(0, image, matrix, plain, List.of(), optimiser);
        }
        List<WeightVector> beside =
                labels.trainable() ? List.of(new WeightVector(DataType.FLOAT, List.of(matrix))) : List.of();
        matrix.start();
        Graph graph = graph(DataType.FLOAT, blocks, image, matrix, random);
        return new Baseline(blocks, image, matrix, graph, beside, optimiser);
    }

    /** The graph of T blocks, from x and z_0 to the head's logits. */
    static Graph graph(DataType type, int blocks, ImagePart image, LabelMatrix labels, SplittableRandom random) {
        Graph graph = new Graph(type, BaselineNetwork.ofBlocks(blocks, image, labels.embedding()), labels, random);
        readLabels((Dense) graph.unit(BaselineNetwork.HEAD), labels.embedding());
        return graph;
    }

    /**
     * Starts the head at logits of -{@value #HEAD_SCALE}/2 ‖z_T - u_k‖² / n but for what is the same for all
     * classes: {@value #HEAD_SCALE}/n (z_T·u_k - (‖u_k‖² - n)/2), n the mean of ‖u_k‖². The nearest label
     * embedding is then the most probable, whatever the scale of label embeddings.
     */
    private static void readLabels(Dense head, LabelEmbedding labels) {
        int classes = labels.classes();
        double[] squares = new double[classes];
        double sum = 0;
        for (int label = 0; label < classes; label++) {
            for (float component : labels.vector(label)) {
                squares[label] += (double) component * component;
            }
            sum += squares[label];
        }
        double mean = sum / classes;
        double scale = mean > 0 ? HEAD_SCALE / mean : 0;
        double[] weights = new double[labels.width() * classes];
        double[] biases = new double[classes];
        for (int label = 0; label < classes; label++) {
            float[] vector = labels.vector(label);
            for (int i = 0; i < vector.length; i++) {
                weights[i * classes + label] = scale * vector[i];
            }
            biases[label] = scale * (mean - squares[label]) / 2;
        }
        head.startAt(weights, biases);
    }

    /** T, or 0. */
    public int blocks() {
        return blocks;
    }

    /**
     * One optimiser step on the mean cross-entropy, whose gradient is the sum over parts of the batch that go through the
     * network one after the other, so that its activations are those of a part. The weights move as by the whole batch, but
     * for rounding and for batch norm: each part is normalised by its own mean and variance, and each moves the
     * running ones.
     *
     * @param batch at least 2 rows, whose noise is z_0
     * @param microBatches how many parts of about the same size, at least 1; never so many that one has less than 2 rows
     * @return the mean cross-entropy in nats before the step
     */
    public double trainStep(Batch batch, int microBatches) {
        int rows = batch.rows();
        requireRows(rows);
        int parts = Math.min(microBatches, rows / SMALLEST_PART);
        if (parts == 1) {
            double entropy = backward(batch, 0, rows);
            step();
            return entropy;
        }
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            int first = (int) ((long) rows * part / parts);
            int end = (int) ((long) rows * (part + 1) / parts);
            sum += backward(batch, first, end - first);
            accumulate();
        }
        stepAccumulated();
        return sum;
    }

    /** The gradients of a part's share of the mean cross-entropy, and that share. */
    private double backward(Batch batch, int first, int count) {
        if (blocks > 0) {
            labels.beginStep();
        }
        graph().rowSeeds().use(part(batch.dropoutSeeds(), first, count));
        INDArray x = images.copy(batch.images(), first, count);
        INDArray logits = blocks == 0
                ? graph().forward(true, x)
                : graph().forward(true, x, starts.copy(batch.noise(), first, count));
        int[] own = Arrays.copyOfRange(batch.labels(), first, first + count);
        double share = loss.measure(logits, own, count / (double) batch.rows());
        graph().backward(loss.gradient());
        return share;
    }

    private static long[] part(long[] seeds, int first, int count) {
        return first == 0 || seeds.length == 0 ? seeds : Arrays.copyOfRange(seeds, first, first + count);
    }

    /**
     * Class probabilities in inference mode.
     *
     * @param rows how many rows
     * @param x rows × imageWidth
     * @param start z_0 ~ N(0, I), rows × d
     * @param probabilities receives rows × classes values
     */
    public void classify(int rows, float[] x, float[] start, float[] probabilities) {
        int classes = shape().classes();
        for (int first = 0; first < rows; first += BatchInput.CHUNK) {
            int count = Math.min(BatchInput.CHUNK, rows - first);
            INDArray copied = images.copy(x, first, count);
            INDArray output = blocks == 0
                    ? graph().forward(false, copied)
                    : graph().forward(false, copied, starts.copy(start, first, count));
            double[] logits = new HostValues(output).pull();
            for (int row = 0; row < count; row++) {
                Softmax.inPlace(logits, row * classes, classes);
            }
            BatchInput.copyOut(logits, probabilities, first * classes);
        }
    }

    @Override
    long batchBytes() {
        return images.bytes() + starts.bytes() + loss.bytes() + labels.bytes();
    }

    @Override
    public void close() {
        super.close();
        labels.close();
        loss.close();
        images.close();
        starts.close();
    }
}

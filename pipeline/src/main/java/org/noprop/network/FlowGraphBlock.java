package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.OptimiserSettings;

/** A block of NoProp-FM. */
final class FlowGraphBlock extends TimeGraphBlock {
    private final EmbeddingProduct velocity;
    private final HeadChain head;

    /** What such a block is made of, beside what every block in continuous time is; the head may be null. */
    record FlowParts(Parts common, EmbeddingProduct velocity, HeadChain head) {}

    private FlowGraphBlock(FlowParts parts, TrainedGraph graph) {
        super(parts.common(), graph, new FlowReader(parts.common().labels()), parts.head() != null);
        this.velocity = parts.velocity();
        this.head = parts.head();
    }

    static FlowGraphBlock create(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            double sigma,
            OptimiserSettings optimiser,
            long weightSeed) {
        FlowParts parts = parts(DataType.FLOAT, image, labels, head, sigma, weightSeed);
        CommonWeights common = common(DataType.FLOAT, parts);
        return new FlowGraphBlock(parts, new TrainedGraph(parts.common().graph(), common, optimiser));
    }

    static FlowParts parts(
            DataType type, ImagePart image, LabelEmbedding labels, HeadSettings head, double sigma, long weightSeed) {
        LabelMatrix matrix = new LabelMatrix(type, labels);
        UnitGraph.Builder builder = new UnitGraph.Builder(type, image.initialisation());
        TimeUnits units = TimeUnits.addTo(builder, image, matrix, matrix.trainable());
        EmbeddingProduct velocity = builder.add(
                new EmbeddingProduct(builder.scratch(), "estimate", matrix),
                units.logits().name());
        HeadChain chain = matrix.trainable() ? new HeadChain(builder.scratch(), head, matrix) : null;
        UnitGraph graph = build(builder, velocity, weightSeed);
        FlowObjective objective = new FlowObjective(graph, units.noisedLabel(), matrix, chain, sigma);
        return new FlowParts(new Parts(shape(image, matrix), units, graph, matrix, objective), velocity, chain);
    }

    /** W_Embed where it starts and a head of zeros, if label embeddings are trained; otherwise null. */
    static CommonWeights common(DataType type, FlowParts parts) {
        LabelMatrix labels = parts.common().labels();
        CommonWeights common = parts.head() == null
                ? null
                : new CommonWeights(type, List.of(labels, parts.head().weights()));
        labels.start();
        return common;
    }

    @Override
    INDArray output(INDArray logits) {
        return velocity.forward(false, logits);
    }

    /** What is nearest to z̃_1 = z_t + (1-t) v. */
    @Override
    void classify(int rows, int first, double t, float[] z, float[] output, float[] probabilities) {
        int width = shape().labelWidth();
        float[] end = new float[rows * width];
        for (int i = 0; i < end.length; i++) {
            end[i] = (float) (z[first * width + i] + (1 - t) * output[first * width + i]);
        }
        float[] read = new float[rows * shape().classes()];
        reader().probabilities(rows, end, read);
        System.arraycopy(read, 0, probabilities, first * shape().classes(), read.length);
    }

    @Override
    public ContinuousSchedule schedule() {
        throw new UnsupportedOperationException("NoProp-FM has no noise schedule");
    }

    @Override
    long batchBytes() {
        return super.batchBytes() + (head == null ? 0 : head.bytes());
    }

    @Override
    public void close() {
        super.close();
        if (head != null) {
            head.close();
        }
    }
}

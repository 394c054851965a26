package org.noprop.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * The units of a block in continuous time, as Figure 5 of arXiv 2503.24322v2 joins them, without batch norm: image part;
 * label part FC256 ReLU, or a second image part where a label embedding is an image; time part FC256 ReLU over the
 * positional embedding of t; all three joined, FC256 ReLU FC128 ReLU FC(m). Of NoProp-CT û is the softmax · W_Embed, of
 * NoProp-FM v the logits · W_Embed.
 *
 * <p>In inference the first fused layer is taken apart, too: what x adds is computed once for an image, what t adds once
 * for a step.
 */
final class TimeUnits implements BlockUnits {
    private final int featureWidth;
    private final ImageUnits image;
    private final Unit label;
    private final DenseRelu time;
    private final DenseRelu fused1;
    private final Unit output;
    private final Combination estimate;
    private final TimeFeatures features;
    private Graph graph;
    private INDArray timeShare;

    /**
     * Adds a block to a graph of the three inputs.
     *
     * @param propagate whether the gradient of z is needed
     * @param velocity whether the output is v instead of û
     */
    TimeUnits(Graph.Builder graph, ImagePart part, LabelMatrix labels, boolean propagate, boolean velocity) {
        Scratch scratch = graph.scratch();
        featureWidth = part.width();
        int narrow = featureWidth / 2;
        int labelWidth = labels.ofImages() ? featureWidth : WIDTH;
        image = new ImageUnits(graph, new ImageUnits.Site("", IMAGE, false, false), part);
        label = labels.ofImages()
                ? new ImageUnits(
                                graph,
                                new ImageUnits.Site("label.", NOISED_LABEL, false, propagate),
                                BlockUnits.requireImages(part, labels))
                        .last()
                : graph.add(new DenseRelu(scratch, "label", WIDTH, propagate, labels.width()), NOISED_LABEL);
        time = graph.add(new DenseRelu(scratch, "time", WIDTH, false, TimeFeatures.WIDTH), TIME);
        fused1 = graph.add(
                new DenseRelu(scratch, "fused1", featureWidth, true, featureWidth, labelWidth, WIDTH),
                image.name(),
                label.name(),
                time.name());
        Unit fused2 = graph.add(new DenseRelu(scratch, "fused2", narrow, true, featureWidth), fused1.name());
        Unit logits = graph.add(new Dense(scratch, "output", narrow, labels.classes()), fused2.name());
        estimate = velocity ? null : new Combination(graph, "", labels, logits.name());
        output = velocity
                ? graph.add(new EmbeddingProduct(scratch, "estimate", labels), logits.name())
                : estimate.output();
        features = new TimeFeatures(scratch.type());
    }

    @Override
    public void useGraph(Graph built) {
        graph = built;
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public INDArray encode(INDArray images) {
        return fused1.first(graph.infer(image.last(), Map.of(IMAGE, images)));
    }

    @Override
    public void moveTo(double t) {
        timeShare = fused1.lastWithBias(time.forward(false, features.of(1, t)));
    }

    @Override
    public INDArray estimate(INDArray begun, INDArray noisedLabels) {
        INDArray joined = fused1.complete(begun, graph.infer(label, Map.of(NOISED_LABEL, noisedLabels)), timeShare);
        return graph.infer(output, Map.of(fused1.name(), joined));
    }

    @Override
    public double[] probabilities() {
        return estimate.probabilities();
    }

    @Override
    public long bytes() {
        return features.bytes();
    }

    @Override
    public void close() {
        features.close();
    }
}

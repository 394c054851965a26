package org.noprop.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * The units of a block in discrete time, as Figure 5 of arXiv 2503.24322v2 joins them: image part ({@link ImagePart});
 * label part FC256 BN ReLU → h, h + [FC256 BN ReLU FC256 BN](h) or, where a label embedding is an image, a second image
 * part; both joined, FC256 BN ReLU FC128 BN ReLU FC(m); û = softmax · W_Embed. Other widths of the image part make the
 * fused layers as much wider.
 */
final class StepUnits implements BlockUnits {
    private final Site site;
    private final ImageUnits image;
    private final int featureWidth;
    private final Combination estimate;
    private Graph graph;

    /**
     * Where a block sits in a graph.
     *
     * @param prefix of its units' names
     * @param image the input or unit that gives x
     * @param noisedLabel the input or unit that gives z
     * @param propagate whether the gradient of z is needed
     */
    record Site(String prefix, String image, String noisedLabel, boolean propagate) {}

    /** Adds a block to a graph. */
    StepUnits(Graph.Builder graph, Site site, ImagePart part, LabelMatrix labels) {
        Scratch scratch = graph.scratch();
        String prefix = site.prefix();
        int width = part.width();
        this.site = site;
        this.featureWidth = width;
        this.image = new ImageUnits(graph, new ImageUnits.Site(prefix, site.image(), true, false), part);
        String label = labels.ofImages()
                ? imageLabel(graph, site, BlockUnits.requireImages(part, labels))
                : vectorLabel(graph, site, labels.width());
        int labelWidth = labels.ofImages() ? width : WIDTH;
        Unit fused1 = graph.add(
                new DenseNorm(scratch, prefix + "fused1", width, true, true, width, labelWidth), image.name(), label);
        Unit fused2 = graph.add(new DenseNorm(scratch, prefix + "fused2", width / 2, true, true, width), fused1.name());
        Unit logits = graph.add(new Dense(scratch, prefix + "output", width / 2, labels.classes()), fused2.name());
        this.estimate = new Combination(graph, prefix, labels, logits.name());
    }

    private static String imageLabel(Graph.Builder graph, Site site, ImagePart part) {
        return new ImageUnits(
                        graph,
                        new ImageUnits.Site(site.prefix() + "label.", site.noisedLabel(), true, site.propagate()),
                        part)
                .name();
    }

    private static String vectorLabel(Graph.Builder graph, Site site, int width) {
        Scratch scratch = graph.scratch();
        String prefix = site.prefix();
        Unit label = graph.add(
                new DenseNorm(scratch, prefix + "label", WIDTH, true, site.propagate(), width), site.noisedLabel());
        Unit residual1 =
                graph.add(new DenseNorm(scratch, prefix + "residual1", WIDTH, true, true, WIDTH), label.name());
        Unit residual2 =
                graph.add(new DenseNorm(scratch, prefix + "residual2", WIDTH, false, true, WIDTH), residual1.name());
        return graph.add(new Sum(scratch, prefix + "residual", WIDTH), label.name(), residual2.name())
                .name();
    }

    @Override
    public void useGraph(Graph built) {
        graph = built;
    }

    /** The unit whose output is û. */
    Unit estimate() {
        return estimate.output();
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public INDArray encode(INDArray images) {
        return graph.infer(image.last(), Map.of(site.image(), images));
    }

    /** A block of discrete time knows its step by its weights alone. */
    @Override
    public void moveTo(double time) {}

    @Override
    public INDArray estimate(INDArray features, INDArray noisedLabels) {
        return graph.infer(estimate(), Map.of(image.name(), features, site.noisedLabel(), noisedLabels));
    }

    @Override
    public double[] probabilities() {
        return estimate.probabilities();
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}
}

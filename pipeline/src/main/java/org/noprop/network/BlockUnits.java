package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The units of one block, as Figure 5 of arXiv 2503.24322v2 (discrete time) joins them: image part
 * ({@link ImagePart}); label part ({@link LabelUnits}); both joined, FC256 BN ReLU FC128 BN ReLU FC(m); û =
 * softmax · W_Embed. Other widths of the image part make the fused layers as much wider.
 */
final class BlockUnits {
    /** Features of the label part of vectors, and of an image part unless it says otherwise. */
    static final int WIDTH = 256;

    private final int width;
    private final ImageUnits image;
    private final LabelUnits label;
    private final DenseNorm fused1;
    private final DenseNorm fused2;
    private final Dense logits;
    private final Combination estimate;

    private BlockUnits(UnitGraph.Builder graph, Site site, ImagePart imagePart, LabelMatrix labels) {
        String prefix = site.prefix();
        width = imagePart.width();
        int narrow = width / 2;
        image = new ImageUnits(graph, new ImageUnits.Site(prefix, site.image(), true, false), imagePart);
        label = LabelUnits.add(graph, site, imagePart, labels);
        fused1 = graph.add(
                new DenseNorm(graph.scratch(), prefix + "fused1", width, true, true, width, label.width()),
                image.name(),
                label.name());
        fused2 = graph.add(new DenseNorm(graph.scratch(), prefix + "fused2", narrow, true, true, width), fused1.name());
        logits = graph.add(new Dense(graph.scratch(), prefix + "output", narrow, labels.classes()), fused2.name());
        estimate = Combination.add(graph, prefix, labels, logits.name());
    }

    /**
     * Where a block sits in a graph.
     *
     * @param prefix of its units' names
     * @param image the vertex that gives x
     * @param noisedLabel the vertex that gives z
     * @param propagate whether the gradient of z is needed
     */
    record Site(String prefix, String image, String noisedLabel, boolean propagate) {}

    /** Adds a block to a graph. */
    static BlockUnits addTo(UnitGraph.Builder graph, Site site, ImagePart imagePart, LabelMatrix labels) {
        return new BlockUnits(graph, site, imagePart, labels);
    }

    /** The unit whose output is û. */
    Unit estimate() {
        return estimate.output();
    }

    /** The softmax that û was last made from, rows × classes; the array itself. */
    double[] probabilities() {
        return estimate.probabilities();
    }

    /** What the image part makes of an image. */
    int featureWidth() {
        return width;
    }

    /** The image part in inference mode, [rows, {@link #featureWidth}]. */
    INDArray encode(INDArray images) {
        return image.encode(images);
    }

    /** û in inference mode from the output of {@link #encode}. */
    INDArray denoise(INDArray features, INDArray noisedLabels) {
        INDArray joined = fused1.forward(false, features, label.encode(noisedLabels));
        return estimate.forward(logits.forward(false, fused2.forward(false, joined)));
    }
}

package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Scratch;

/**
 * The units of one block, as Figure 5 of arXiv 2503.24322v2 (discrete time) joins them: image part
 * ({@link ImagePart}); label part FC256 BN ReLU → h, h + [FC256 BN ReLU FC256 BN](h); both joined,
 * FC256 BN ReLU FC128 BN ReLU FC(m); û = softmax · W_Embed.
 */
final class BlockUnits {
    /** Features of the image part and of the label part. */
    static final int WIDTH = 256;

    private static final int NARROW = 128;

    private final ImageUnits image;
    private final DenseNorm label;
    private final DenseNorm residual1;
    private final DenseNorm residual2;
    private final Sum residual;
    private final DenseNorm fused1;
    private final DenseNorm fused2;
    private final Dense logits;
    private final Combine estimate;

    private BlockUnits(UnitGraph.Builder graph, Site site, ImagePart imagePart, LabelEmbedding labels) {
        Scratch scratch = graph.scratch();
        String prefix = site.prefix();
        image = new ImageUnits(graph, prefix, site.image(), imagePart);
        label = graph.add(
                new DenseNorm(scratch, prefix + "label", WIDTH, true, site.propagate(), labels.width()),
                site.noisedLabel());
        residual1 = graph.add(new DenseNorm(scratch, prefix + "residual1", WIDTH, true, true, WIDTH), label.name());
        residual2 =
                graph.add(new DenseNorm(scratch, prefix + "residual2", WIDTH, false, true, WIDTH), residual1.name());
        residual = graph.add(new Sum(scratch, prefix + "residual", WIDTH), label.name(), residual2.name());
        fused1 = graph.add(
                new DenseNorm(scratch, prefix + "fused1", WIDTH, true, true, WIDTH, WIDTH),
                image.name(),
                residual.name());
        fused2 = graph.add(new DenseNorm(scratch, prefix + "fused2", NARROW, true, true, WIDTH), fused1.name());
        logits = graph.add(new Dense(scratch, prefix + "output", NARROW, labels.classes()), fused2.name());
        estimate = graph.add(new Combine(scratch, prefix + "estimate", labels), logits.name());
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
    static BlockUnits addTo(UnitGraph.Builder graph, Site site, ImagePart imagePart, LabelEmbedding labels) {
        return new BlockUnits(graph, site, imagePart, labels);
    }

    /** The unit whose output is û. */
    Combine estimate() {
        return estimate;
    }

    /** The image part in inference mode, [rows, {@link #WIDTH}]. */
    INDArray encode(INDArray images) {
        return image.encode(images);
    }

    /** û in inference mode from the output of {@link #encode}. */
    INDArray denoise(INDArray features, INDArray noisedLabels) {
        INDArray h = label.forward(false, noisedLabels);
        INDArray inner = residual2.forward(false, residual1.forward(false, h));
        INDArray joined = fused1.forward(false, features, residual.forward(false, h, inner));
        return estimate.forward(false, logits.forward(false, fused2.forward(false, joined)));
    }
}

package org.noprop.nn;

import java.util.List;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart.Convolutions;
import org.noprop.nn.Layer.Dense;
import org.noprop.nn.Layer.Dense.Then;

/**
 * The network of one block, as Figure 5 of arXiv 2503.24322v2 joins it: an image part for x, a label part for z, in
 * continuous time a time part for t; all joined, FC256 FC128 FC(m); and û = softmax · W_Embed, or of NoProp-FM v = logits ·
 * W_Embed. Other widths of the image part make the fused layers as much wider. There is batch norm in discrete time alone.
 *
 * @param network from x, z and in continuous time the embedding of t
 * @param image the node that ends the image part, whose value x alone decides
 * @param label the node that ends the label part
 * @param featureWidth columns of the image part
 * @param probabilities the node of the softmax; empty of a velocity
 */
public record BlockNetwork(Network network, String image, String label, int featureWidth, String probabilities) {
    /** Input: x. */
    public static final String IMAGE = "x";
    /** Input: z. */
    public static final String NOISED_LABEL = "z";
    /** Input in continuous time: the embedding of t. */
    public static final String TIME = "t";
    /** Node: the time part. */
    public static final String TIME_PART = "time";
    /** Node: the first layer that joins the parts. */
    public static final String FUSED = "fused1";
    /** Width of the embedding of t. */
    public static final int TIME_WIDTH = 64;
    /** Features of the label part of vectors, and of an image part unless it says otherwise. */
    static final int WIDTH = 256;

    private static final String ESTIMATE = "estimate";

    /**
     * A block in discrete time: image part with BN; label part FC256 BN ReLU → h, h + [FC256 BN ReLU FC256 BN](h) or, where
     * a label embedding is an image, a second image part; FC256 BN ReLU FC128 BN ReLU FC(m); û.
     *
     * @param propagate whether the gradient of z is needed
     */
    public static BlockNetwork discrete(ImagePart part, LabelEmbedding labels, boolean propagate) {
        Network.Builder network = new Network.Builder(part.initialisation());
        network.input(IMAGE, false);
        network.input(NOISED_LABEL, propagate);
        addDiscrete(network, "", NOISED_LABEL, part, labels);
        String label = labels instanceof PrototypeEmbedding ? "label.image" : "residual";
        return new BlockNetwork(network.build(), "image", label, part.width(), softmax("", labels));
    }

    /** Adds a block that reads {@link #IMAGE} and {@code noisedLabel}; returns the name of what gives û. */
    static String addDiscrete(
            Network.Builder network, String prefix, String noisedLabel, ImagePart part, LabelEmbedding labels) {
        int width = part.width();
        String image = addImagePart(network, prefix, IMAGE, part, Then.NORM);
        boolean images = labels instanceof PrototypeEmbedding;
        String label = images
                ? addImagePart(network, prefix + "label.", noisedLabel, requireImages(part, labels), Then.NORM)
                : addResidual(network, prefix, noisedLabel, labels.width());
        String fused1 = network.add(
                prefix + FUSED, new Dense(List.of(width, images ? width : WIDTH), width, Then.NORM_RELU), image, label);
        String fused2 = network.add(prefix + "fused2", dense(width, width / 2, Then.NORM_RELU), fused1);
        String logits = network.add(prefix + "output", dense(width / 2, labels.classes(), Then.NOTHING), fused2);
        return addEstimate(network, prefix, labels, logits);
    }

    private static String addResidual(Network.Builder network, String prefix, String noisedLabel, int width) {
        String label = network.add(prefix + "label", dense(width, WIDTH, Then.NORM_RELU), noisedLabel);
        String residual1 = network.add(prefix + "residual1", dense(WIDTH, WIDTH, Then.NORM_RELU), label);
        String residual2 = network.add(prefix + "residual2", dense(WIDTH, WIDTH, Then.NORM), residual1);
        return network.add(prefix + "residual", new Layer.Sum(WIDTH), label, residual2);
    }

    /**
     * A block in continuous time: image part with ReLU; label part FC256 ReLU, or a second image part where a label
     * embedding is an image; time part FC256 ReLU over the embedding of t; FC256 ReLU FC128 ReLU FC(m); û or v.
     *
     * @param propagate whether the gradient of z is needed
     * @param velocity whether the output is v instead of û
     */
    public static BlockNetwork continuous(ImagePart part, LabelEmbedding labels, boolean propagate, boolean velocity) {
        int width = part.width();
        boolean images = labels instanceof PrototypeEmbedding;
        Network.Builder network = new Network.Builder(part.initialisation());
        network.input(IMAGE, false);
        network.input(NOISED_LABEL, propagate);
        network.input(TIME, false);
        String image = addImagePart(network, "", IMAGE, part, Then.RELU);
        String label = images
                ? addImagePart(network, "label.", NOISED_LABEL, requireImages(part, labels), Then.RELU)
                : network.add("label", dense(labels.width(), WIDTH, Then.RELU), NOISED_LABEL);
        String time = network.add(TIME_PART, dense(TIME_WIDTH, WIDTH, Then.RELU), TIME);
        String fused1 = network.add(
                FUSED, new Dense(List.of(width, images ? width : WIDTH, WIDTH), width, Then.RELU), image, label, time);
        String fused2 = network.add("fused2", dense(width, width / 2, Then.RELU), fused1);
        String logits = network.add("output", dense(width / 2, labels.classes(), Then.NOTHING), fused2);
        if (velocity) {
            network.add(ESTIMATE, new Layer.LabelProduct(labels.classes(), labels.width()), logits);
        } else {
            addEstimate(network, "", labels, logits);
        }
        return new BlockNetwork(network.build(), image, label, width, velocity ? "" : softmax("", labels));
    }

    /** û of logits: the softmax itself for one-hot label embeddings, otherwise a softmax and a product of matrices. */
    private static String addEstimate(Network.Builder network, String prefix, LabelEmbedding labels, String logits) {
        String softmax = network.add(softmax(prefix, labels), new Layer.Softmax(labels.classes()), logits);
        return labels instanceof OneHotEmbedding
                ? softmax
                : network.add(prefix + ESTIMATE, new Layer.LabelProduct(labels.classes(), labels.width()), softmax);
    }

    private static String softmax(String prefix, LabelEmbedding labels) {
        return prefix + (labels instanceof OneHotEmbedding ? ESTIMATE : "probabilities");
    }

    /** Convolutions where it has them, then FC256; returns the name of what gives the features. */
    static String addImagePart(Network.Builder network, String prefix, String from, ImagePart part, Then then) {
        String last = from;
        int width = part.components();
        if (part instanceof Convolutions convolutions) {
            int stage = 1;
            for (Layer.Convolution layer : convolutions.layers()) {
                last = network.add(prefix + "convolution" + stage, layer, last);
                width = layer.width();
                stage++;
            }
        }
        return network.add(prefix + "image", dense(width, part.width(), then), last);
    }

    static Dense dense(int in, int width, Then then) {
        return new Dense(List.of(in), width, then);
    }

    private static ImagePart requireImages(ImagePart part, LabelEmbedding labels) {
        if (part.components() != labels.width()) {
            throw new IllegalArgumentException(
                    "Prototypes have " + labels.width() + " components where images have " + part.components());
        }
        return part;
    }
}

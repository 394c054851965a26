package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * The units of a block in continuous time, as Figure 5 of arXiv 2503.24322v2 joins them, without batch norm:
 * image part; label part FC256 ReLU, or a second image part where a label embedding is an image; time part
 * FC256 ReLU over the positional embedding of t; all three joined, FC256 ReLU FC128 ReLU FC(m). Inputs: x, z
 * and the embedding of t.
 */
final class TimeUnits {
    private static final int WIDTH = BlockUnits.WIDTH;

    private final int featureWidth;
    private final Tap noisedLabel;
    private final ImageUnits image;
    private final ImageUnits labelImage;
    private final DenseRelu labelVector;
    private final DenseRelu time;
    private final DenseRelu fused1;
    private final DenseRelu fused2;
    private final Dense logits;

    private TimeUnits(UnitGraph.Builder graph, ImagePart imagePart, LabelMatrix labels, boolean propagate) {
        Scratch scratch = graph.scratch();
        featureWidth = imagePart.width();
        int narrow = featureWidth / 2;
        image = new ImageUnits(graph, new ImageUnits.Site("", graph.input("x"), false, false), imagePart);
        noisedLabel = graph.add(new Tap("z"), graph.input("noised"));
        if (labels.ofImages()) {
            ImageUnits.Site second = new ImageUnits.Site("label.", noisedLabel.name(), false, propagate);
            labelImage = new ImageUnits(graph, second, LabelUnits.requireImages(imagePart, labels));
            labelVector = null;
        } else {
            labelImage = null;
            labelVector =
                    graph.add(new DenseRelu(scratch, "label", WIDTH, propagate, labels.width()), noisedLabel.name());
        }
        String label = labelImage == null ? labelVector.name() : labelImage.name();
        int labelWidth = labelImage == null ? WIDTH : featureWidth;
        time = graph.add(new DenseRelu(scratch, "time", WIDTH, false, TimeFeatures.WIDTH), graph.input("t"));
        fused1 = graph.add(
                new DenseRelu(scratch, "fused1", featureWidth, true, featureWidth, labelWidth, WIDTH),
                image.name(),
                label,
                time.name());
        fused2 = graph.add(new DenseRelu(scratch, "fused2", narrow, true, featureWidth), fused1.name());
        logits = graph.add(new Dense(scratch, "output", narrow, labels.classes()), fused2.name());
    }

    /**
     * Adds a block to a graph.
     *
     * @param propagate whether the gradient of z is needed
     */
    static TimeUnits addTo(UnitGraph.Builder graph, ImagePart imagePart, LabelMatrix labels, boolean propagate) {
        return new TimeUnits(graph, imagePart, labels, propagate);
    }

    /** Where z's gradient comes out. */
    Tap noisedLabel() {
        return noisedLabel;
    }

    /** The unit of the logits. */
    Dense logits() {
        return logits;
    }

    /** What {@link #encode} makes of an image. */
    int featureWidth() {
        return featureWidth;
    }

    /** What x adds to the first fused layer, in inference mode, [rows, {@link #featureWidth}]. */
    INDArray encode(INDArray images) {
        return fused1.first(image.encode(images));
    }

    /** What t adds to the first fused layer, bias included, [1, {@link #featureWidth}]. */
    INDArray encodeTime(INDArray features) {
        return fused1.lastWithBias(time.forward(false, features));
    }

    /**
     * The logits in inference mode.
     *
     * @param features what {@link #encode} gave; overwritten
     * @param noisedLabels z
     * @param timeShare what {@link #encodeTime} gave
     */
    INDArray logits(INDArray features, INDArray noisedLabels, INDArray timeShare) {
        INDArray label =
                labelImage == null ? labelVector.forward(false, noisedLabels) : labelImage.encode(noisedLabels);
        INDArray joined = fused1.complete(features, label, timeShare);
        return logits.forward(false, fused2.forward(false, joined));
    }
}

package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The units of one block in its graph, and how inference takes them apart: an image goes through its own part once. */
sealed interface BlockUnits permits StepUnits, TimeUnits {
    /** Features of the label part of vectors, and of an image part unless it says otherwise. */
    int WIDTH = 256;

    /** Input of a block's graph: x. */
    String IMAGE = "x";
    /** Input of a block's graph: z. */
    String NOISED_LABEL = "z";
    /** Input of a block's graph in continuous time: the embedding of t. */
    String TIME = "t";

    /** Uses the graph that was built of these units for inference. */
    void useGraph(Graph graph);

    /** Columns of {@link #encode}. */
    int featureWidth();

    /** What x alone decides, in inference mode, [rows, {@link #featureWidth}]. */
    INDArray encode(INDArray images);

    /** Says for which t the next estimates are; without effect in discrete time. */
    void moveTo(double time);

    /**
     * û or, of NoProp-FM, the velocity v, in inference mode, [rows, d].
     *
     * @param features what {@link #encode} gave; may be overwritten
     * @param noisedLabels z, [rows, d]
     */
    INDArray estimate(INDArray features, INDArray noisedLabels);

    /** The softmax that û was last made from, rows × classes; the array itself. Not of a velocity. */
    double[] probabilities();

    /** Bytes of its own beside those of the graph's units. */
    long bytes();

    /** Frees what is its own. */
    void close();

    /** The image part, if label embeddings that are images have the width of its images. */
    static ImagePart requireImages(ImagePart imagePart, LabelMatrix labels) {
        if (imagePart.components() != labels.width()) {
            throw new IllegalArgumentException(
                    "Prototypes have " + labels.width() + " components where images have " + imagePart.components());
        }
        return imagePart;
    }
}

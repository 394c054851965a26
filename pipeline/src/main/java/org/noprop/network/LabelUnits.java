package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Scratch;

/**
 * The label part of a block in discrete time: FC256 BN ReLU → h, h + [FC256 BN ReLU FC256 BN](h); or, where
 * a label embedding is an image, a second image part.
 */
interface LabelUnits {

    /** The name of the unit that gives its output. */
    String name();

    /** How many features it gives. */
    int width();

    /** Its features in inference mode. */
    INDArray encode(INDArray noisedLabels);

    /** Adds a label part to a graph. */
    static LabelUnits add(UnitGraph.Builder graph, BlockUnits.Site site, ImagePart imagePart, LabelMatrix labels) {
        if (labels.ofImages()) {
            ImageUnits.Site second =
                    new ImageUnits.Site(site.prefix() + "label.", site.noisedLabel(), true, site.propagate());
            return new OfImages(new ImageUnits(graph, second, requireImages(imagePart, labels)), imagePart.width());
        }
        return Residual.add(graph, site, labels.width());
    }

    /** The image part, if label embeddings have the width of its images. */
    static ImagePart requireImages(ImagePart imagePart, LabelMatrix labels) {
        if (imagePart.components() != labels.width()) {
            throw new IllegalArgumentException(
                    "Prototypes have " + labels.width() + " components where images have " + imagePart.components());
        }
        return imagePart;
    }

    /** Of noised labels that are images. */
    record OfImages(ImageUnits image, int width) implements LabelUnits {
        @Override
        public String name() {
            return image.name();
        }

        @Override
        public INDArray encode(INDArray noisedLabels) {
            return image.encode(noisedLabels);
        }
    }

    /** Of noised labels that are vectors. */
    record Residual(DenseNorm label, DenseNorm residual1, DenseNorm residual2, Sum sum) implements LabelUnits {
        private static Residual add(UnitGraph.Builder graph, BlockUnits.Site site, int width) {
            Scratch scratch = graph.scratch();
            String prefix = site.prefix();
            int wide = BlockUnits.WIDTH;
            DenseNorm label = graph.add(
                    new DenseNorm(scratch, prefix + "label", wide, true, site.propagate(), width), site.noisedLabel());
            DenseNorm residual1 =
                    graph.add(new DenseNorm(scratch, prefix + "residual1", wide, true, true, wide), label.name());
            DenseNorm residual2 =
                    graph.add(new DenseNorm(scratch, prefix + "residual2", wide, false, true, wide), residual1.name());
            Sum sum = graph.add(new Sum(scratch, prefix + "residual", wide), label.name(), residual2.name());
            return new Residual(label, residual1, residual2, sum);
        }

        @Override
        public String name() {
            return sum.name();
        }

        @Override
        public int width() {
            return BlockUnits.WIDTH;
        }

        @Override
        public INDArray encode(INDArray noisedLabels) {
            INDArray h = label.forward(false, noisedLabels);
            return sum.forward(false, h, residual2.forward(false, residual1.forward(false, h)));
        }
    }
}

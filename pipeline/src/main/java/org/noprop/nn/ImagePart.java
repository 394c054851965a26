package org.noprop.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.noprop.tensor.ImageShape;

/** What a block does with x before it meets the noised label: the image part of Figure 5 of arXiv 2503.24322v2. */
public sealed interface ImagePart extends Serializable {

    /** Components of x. */
    int components();

    /** Features that a block makes of x, and of its first fused layer; the second has half as many. */
    int width();

    /** What the initial weights of a block are drawn from, of whatever has this image part. */
    Initialisation initialisation();

    /**
     * FC BN over an image embedding.
     *
     * @param components of the embedding, at least 1
     * @param width features, at least 2; the paper has 256 after its convolutions
     * @param initialisation of the block's weights
     */
    record Embedding(int components, int width, Initialisation initialisation) implements ImagePart {
        /** One whose weights are drawn by {@link Initialisation#FAN_IN}, or are not drawn but read. */
        public Embedding(int components, int width) {
            this(components, width, Initialisation.FAN_IN);
        }
    }

    /**
     * Convolutions over pixels: for each entry of {@code channels} a 3 × 3 convolution without padding, ReLU
     * and dropout, with 2 × 2 max pooling after the first and the last; then FC256 BN. The paper has 32, 64
     * and 128 channels and a dropout of 0.2.
     *
     * @param image shape of an image
     * @param channels of each convolution's output, at least one
     * @param dropout probability that a value is dropped, in [0, 1)
     */
    record Convolutions(ImageShape image, List<Integer> channels, double dropout) implements ImagePart {
        /**
         * Copies the list, and checks that something is left of the image at the end.
         *
         * @throws IllegalArgumentException if not
         */
        public Convolutions {
            channels = List.copyOf(channels);
            if (channels.isEmpty()) {
                throw new IllegalArgumentException("An image part of convolutions needs at least one");
            }
            int least = leastSide(channels.size());
            if (Math.min(image.height(), image.width()) < least) {
                throw new IllegalArgumentException(channels.size() + " convolutions need images of at least " + least
                        + " × " + least + " pixels, got " + image.height() + " × " + image.width());
            }
        }

        @Override
        public int components() {
            return image.length();
        }

        @Override
        public int width() {
            return BlockNetwork.WIDTH;
        }

        @Override
        public Initialisation initialisation() {
            return Initialisation.FAN_IN;
        }

        /** The convolutions, in order. */
        public List<Layer.Convolution> layers() {
            List<Layer.Convolution> layers = new ArrayList<>();
            ImageShape shape = image;
            int last = channels.size() - 1;
            for (int i = 0; i <= last; i++) {
                Layer.Convolution layer = new Layer.Convolution(shape, channels.get(i), i == 0 || i == last, dropout);
                layers.add(layer);
                shape = layer.out();
            }
            return layers;
        }

        /** Backwards from one pixel: a pooling doubles a side, a convolution adds 2. */
        private static int leastSide(int convolutions) {
            int side = 1;
            for (int i = convolutions - 1; i >= 0; i--) {
                boolean pools = i == 0 || i == convolutions - 1;
                side = (pools ? 2 * side : side) + 2;
            }
            return side;
        }
    }

    /** FC256 BN over an image embedding of {@code components} components. */
    static ImagePart embedding(int components) {
        return new Embedding(components, BlockNetwork.WIDTH);
    }
}

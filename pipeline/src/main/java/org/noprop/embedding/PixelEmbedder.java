package org.noprop.embedding;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;

/**
 * Pixels as they are: scaled to [0, 1], then standardised per channel by the mean and the standard deviation
 * of the training images.
 */
public final class PixelEmbedder implements ImageEmbedder {
    private static final int LEVELS = 256;

    private final int height;
    private final int width;
    private final double[] means;
    private final double[] deviations;
    /** The embedding's component for each byte of each channel. */
    private final float[] values;

    /**
     * An embedder of images of one size.
     *
     * @param statistics of the training images, whose channels it takes
     */
    public PixelEmbedder(int height, int width, PixelStatistics statistics) {
        this(
                List.of(height, width, statistics.channels()),
                IntStream.range(0, statistics.channels())
                        .mapToDouble(statistics::mean)
                        .toArray(),
                IntStream.range(0, statistics.channels())
                        .mapToDouble(statistics::deviation)
                        .toArray());
    }

    /**
     * An embedder of images of one size.
     *
     * @param shape height, width, channels
     * @param means of the training images, by channel
     * @param deviations of the training images, by channel
     * @throws IllegalArgumentException if there are not as many numbers as channels, or no numbers
     */
    PixelEmbedder(List<Integer> shape, double[] means, double[] deviations) {
        if (shape.size() != 3 || shape.get(2) != means.length || means.length != deviations.length) {
            throw new IllegalArgumentException("Images of shape " + shape + " have " + means.length + " means and "
                    + deviations.length + " deviations");
        }
        if (!DoubleStream.concat(Arrays.stream(means), Arrays.stream(deviations))
                .allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("Means and deviations must be finite numbers");
        }
        this.height = shape.get(0);
        this.width = shape.get(1);
        this.means = means.clone();
        this.deviations = deviations.clone();
        values = new float[means.length * LEVELS];
        for (int channel = 0; channel < means.length; channel++) {
            // A channel of one value carries nothing: 0, rather than a division by zero.
            double divisor = deviations[channel] > 0 ? deviations[channel] : 1;
            for (int level = 0; level < LEVELS; level++) {
                values[channel * LEVELS + level] = (float) ((level / 255.0 - means[channel]) / divisor);
            }
        }
    }

    @Override
    public ImageShape images() {
        return new ImageShape(height, width, means.length);
    }

    @Override
    public List<Integer> shape() {
        return List.of(height, width, means.length);
    }

    @Override
    public Session open() {
        return new Session() {
            @Override
            public int batch() {
                return 1;
            }

            @Override
            public List<float[]> embed(List<byte[]> images) {
                return images.stream().map(PixelEmbedder.this::embed).toList();
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    /** The image embedding of an image. */
    public float[] embed(byte[] image) {
        int channels = means.length;
        if (image.length != height * width * channels) {
            throw new IllegalArgumentException(
                    "An image of " + image.length + " bytes where " + height * width * channels + " belong");
        }
        float[] embedding = new float[image.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = channel; i < image.length; i += channels) {
                embedding[i] = values[channel * LEVELS + Byte.toUnsignedInt(image[i])];
            }
        }
        return embedding;
    }

    /** One: a column of few different values is stored as indices into a dictionary. */
    @Override
    public int storedBytesPerComponent() {
        return 1;
    }

    @Override
    public String description() {
        return "{\"kind\":\"pixels\",\"mean\":" + Arrays.toString(means) + ",\"deviation\":"
                + Arrays.toString(deviations) + "}";
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        return new TreeMap<>();
    }
}

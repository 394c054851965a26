package org.noprop.evaluation.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.noprop.data.Pictures;

/** An image as a picture that stands inside HTML. */
public final class Picture {
    private static final int BYTE = 255;
    private static final int COLOURS = 3;

    private Picture() {}

    /**
     * The data URI of a PNG; its darkest value is black and its lightest white.
     *
     * @param images only those of one or three channels are pictures
     * @param row which of them; there is no picture of one that is not there
     */
    public static Optional<String> of(Pictures images, int row) {
        int channels = images.channels();
        if (row >= images.rows() || (channels != 1 && channels != COLOURS)) {
            return Optional.empty();
        }
        int height = images.height();
        int width = images.width();
        float[] values = images.values(row);
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < width * height; pixel++) {
            int rgb = 0;
            for (int colour = 0; colour < COLOURS; colour++) {
                float value = values[pixel * channels + Math.min(colour, channels - 1)];
                int shade = most > least ? Math.round(BYTE * (value - least) / (most - least)) : 0;
                rgb = rgb << Byte.SIZE | shade;
            }
            image.setRGB(pixel % width, pixel / width, rgb);
        }
        return Optional.of("data:image/png;base64," + Base64.getEncoder().encodeToString(png(image)));
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}

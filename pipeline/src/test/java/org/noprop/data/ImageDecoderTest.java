package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.ImageShape;

class ImageDecoderTest {
    private static final ImageShape GREY = new ImageShape(3, 4, 1);
    private static final ImageShape COLOURED = new ImageShape(3, 4, 3);

    @Test
    void aGreyPngComesBackToTheBit() throws Exception {
        byte[] pixels = new byte[GREY.length()];
        new SplittableRandom(1).nextBytes(pixels);
        byte[] file = png(grey(4, 3, pixels));

        assertThat(new ImageDecoder(GREY, false).decode(file)).isEqualTo(pixels);
        assertThat(new ImageDecoder(GREY, true).decode(file)).isEqualTo(pixels);
        byte[] coloured = new ImageDecoder(COLOURED, false).decode(file);
        for (int i = 0; i < coloured.length; i++) {
            assertThat(coloured[i]).isEqualTo(pixels[i / 3]);
        }
    }

    @Test
    void aColouredPngComesBackToTheBitChannelsLast() throws Exception {
        BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_ARGB);
        byte[] expected = new byte[COLOURED.length()];
        new SplittableRandom(2).nextBytes(expected);
        for (int i = 0; i < 12; i++) {
            int rgb = ((expected[3 * i] & 0xff) << 16)
                    | ((expected[3 * i + 1] & 0xff) << 8)
                    | (expected[3 * i + 2] & 0xff);
            image.setRGB(i % 4, i / 4, (0xff << 24) | rgb);
        }

        assertThat(new ImageDecoder(COLOURED, false).decode(png(image))).isEqualTo(expected);
    }

    @Test
    void coloursBecomeGreyByTheirBrightness() throws Exception {
        BufferedImage green = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 12; i++) {
            green.setRGB(i % 4, i / 4, 0x00ff00);
        }

        assertThat(new ImageDecoder(GREY, false).decode(png(green))).containsOnly(150);
    }

    @Test
    void anImageOfAnotherSizeIsResizedOnlyWhereThatIsAskedFor() throws Exception {
        byte[] two = {0, 100};
        byte[] file = png(grey(2, 1, two));

        assertThat(new ImageDecoder(new ImageShape(1, 4, 1), true).decode(file)).containsExactly(0, 25, 75, 100);
        assertThatThrownBy(() -> new ImageDecoder(GREY, false).decode(file))
                .isInstanceOf(DamagedImageException.class)
                .hasMessage("2 × 1 pixels where 4 × 3 belong (resizing is not asked for)");
    }

    @Test
    void whatIsNoImageSaysSo() {
        ImageDecoder decoder = new ImageDecoder(GREY, false);

        assertThatThrownBy(() -> decoder.decode(new byte[0]))
                .isInstanceOf(DamagedImageException.class)
                .hasMessage("the file is empty");
        assertThatThrownBy(() -> decoder.decode(new byte[] {1, 2, 3}))
                .isInstanceOf(DamagedImageException.class)
                .hasMessage("neither PNG nor JPEG, GIF, BMP, TIFF or WebP, 3 bytes");
    }

    private static BufferedImage grey(int width, int height, byte... pixels) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return image;
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "png", out)).isTrue();
        return out.toByteArray();
    }
}

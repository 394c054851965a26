package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.tensor.ImageShape;

class PictureTest {
    private static final int SIDE = 16;

    @Test
    void theSameGreyRampHasTheSamePixelsInEveryKindOfPng() throws Exception {
        byte[] ramp = ramp();
        Map<String, BufferedImage> kinds = Map.of(
                "8 bits", grey(DataBuffer.TYPE_BYTE, false),
                "16 bits", grey(DataBuffer.TYPE_USHORT, false),
                "8 bits with alpha", grey(DataBuffer.TYPE_BYTE, true),
                "16 bits with alpha", grey(DataBuffer.TYPE_USHORT, true),
                "palette", palette());

        for (Map.Entry<String, BufferedImage> kind : kinds.entrySet()) {
            Picture picture = Picture.decode(encoded(kind.getValue(), "png"));
            assertThat(picture.shape()).as(kind.getKey()).isEqualTo(new ImageShape(SIDE, SIDE, 1));
            assertThat(picture.pixels()).as(kind.getKey()).isEqualTo(ramp);
            assertThat(picture.plain())
                    .as(kind.getKey())
                    .isEqualTo(kind.getKey().equals("8 bits"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void coloursComeBackToTheBit(String format) throws Exception {
        BufferedImage image = noise(BufferedImage.TYPE_3BYTE_BGR);

        Picture picture = Picture.decode(encoded(image, format));

        assertThat(picture.shape()).isEqualTo(new ImageShape(SIDE, SIDE, 3));
        assertThat(picture.pixels()).isEqualTo(rgb(image));
        assertThat(picture.plain()).isTrue();
    }

    @Test
    void theJdksBitsOfAnOrdinaryJpegAreKept() throws Exception {
        byte[] file = encoded(noise(BufferedImage.TYPE_3BYTE_BGR), "jpg");

        assertThat(Picture.decode(file).pixels()).isEqualTo(rgb(ImageIO.read(new java.io.ByteArrayInputStream(file))));
    }

    @Test
    void transparencyIsLeftOut() throws Exception {
        BufferedImage image = noise(BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < SIDE; i++) {
            image.setRGB(i, i, image.getRGB(i, i) & 0x7fffffff);
        }

        assertThat(Picture.decode(encoded(image, "png")).pixels()).isEqualTo(rgb(image));
    }

    /** 48 × 64 pixels: red, green and blue grow by 3, 1 and 2 down, and by 1, 3 and 1 across; written by libwebp. */
    @Test
    void webpIsRead() throws Exception {
        Picture picture = Picture.decode(resource("lossless.webp"));

        assertThat(picture.shape()).isEqualTo(new ImageShape(48, 64, 3));
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                int at = (y * 64 + x) * 3;
                assertThat(Arrays.copyOfRange(picture.pixels(), at, at + 3))
                        .containsExactly((byte) (3 * y + x), (byte) (y + 3 * x), (byte) (2 * y + x));
            }
        }
    }

    /** Inks that stand for (200, 100, 50); and the same numbers as brightness and differences, as Pillow shows them. */
    @Test
    void fourInksBecomeColours() throws Exception {
        byte[] file = resource("cmyk.jpg");
        assertUniform(Picture.decode(file), 200, 100, 50);

        int transform = new String(file, StandardCharsets.ISO_8859_1).indexOf("Adobe") + 11;
        file[transform] = 2;
        assertUniform(Picture.decode(file), 164, 0, 105);
    }

    private static void assertUniform(Picture picture, int... rgb) {
        assertThat(picture.shape()).isEqualTo(new ImageShape(SIDE, SIDE, 3));
        for (int i = 0; i < picture.pixels().length; i++) {
            assertThat(picture.pixels()[i] & 0xff).isBetween(rgb[i % 3] - 2, rgb[i % 3] + 2);
        }
    }

    @Test
    void ofAnAnimationTheFirstPictureCounts() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        try (MemoryCacheImageOutputStream to = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(to);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(grey(DataBuffer.TYPE_BYTE, false), null, null), null);
            writer.writeToSequence(new IIOImage(noise(BufferedImage.TYPE_3BYTE_BGR), null, null), null);
            writer.endWriteSequence();
        }

        assertThat(Picture.decode(out.toByteArray()).pixels()).isEqualTo(ramp());
    }

    /** Where the pixel that is stored first is shown, of a picture stored as 2 rows of 3 pixels. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 2, 0", "3, 2, 1", "4, 0, 1", "5, 0, 0", "6, 1, 0", "7, 1, 2", "8, 0, 2"})
    void picturesAreTurnedAsExifSays(int orientation, int x, int y) throws Exception {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 255);

        Picture picture = Picture.decode(withExif(encoded(image, "png"), orientation));

        boolean lying = orientation > 4;
        assertThat(picture.shape()).isEqualTo(new ImageShape(lying ? 3 : 2, lying ? 2 : 3, 1));
        assertThat(picture.pixels()[y * picture.shape().width() + x]).isEqualTo((byte) 255);
        assertThat(picture.plain()).isEqualTo(orientation == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "progressive", "gif", "bmp", "tiff"})
    void everyTruncationIsDamage(String format) throws IOException {
        byte[] file = format.equals("progressive")
                ? progressive(noise(BufferedImage.TYPE_3BYTE_BGR))
                : encoded(noise(BufferedImage.TYPE_3BYTE_BGR), format);
        for (int length = 0; length < file.length - 1; length += length < 64 ? 1 : 7) {
            byte[] start = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Picture.decode(start))
                    .as("%d of %d bytes", length, file.length)
                    .isInstanceOf(DamagedImageException.class)
                    .hasMessageNotContaining("null");
        }
    }

    @Test
    void aTruncatedWebpIsDamage() throws IOException {
        byte[] file = resource("lossless.webp");
        for (int length = 0; length < file.length; length++) {
            byte[] start = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Picture.decode(start)).isInstanceOf(DamagedImageException.class);
        }
    }

    @Test
    void aPngOfWrongChecksumsIsDamage() throws IOException {
        byte[] file = encoded(noise(BufferedImage.TYPE_3BYTE_BGR), "png");
        file[file.length / 2] ^= 1;

        assertThatThrownBy(() -> Picture.decode(file))
                .isInstanceOf(DamagedImageException.class)
                .hasMessage("the checksum of chunk IDAT is wrong");
    }

    private static byte[] ramp() {
        byte[] ramp = new byte[SIDE * SIDE];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (9 * (i / SIDE) + 7 * (i % SIDE));
        }
        return ramp;
    }

    private static BufferedImage grey(int type, boolean alpha) {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY),
                alpha,
                false,
                alpha ? ComponentColorModel.TRANSLUCENT : ComponentColorModel.OPAQUE,
                type);
        WritableRaster raster = model.createCompatibleWritableRaster(SIDE, SIDE);
        byte[] ramp = ramp();
        for (int i = 0; i < ramp.length; i++) {
            int scale = type == DataBuffer.TYPE_USHORT ? 257 : 1;
            raster.setSample(i % SIDE, i / SIDE, 0, (ramp[i] & 0xff) * scale);
            if (alpha) {
                raster.setSample(i % SIDE, i / SIDE, 1, 128 * scale);
            }
        }
        return type == DataBuffer.TYPE_BYTE && !alpha
                ? eightBits(raster)
                : new BufferedImage(model, raster, false, null);
    }

    private static BufferedImage eightBits(Raster raster) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        image.setData(raster);
        return image;
    }

    private static BufferedImage palette() {
        byte[] levels = new byte[256];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) ~i;
        }
        byte[] indices = ramp();
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (byte) ~indices[i];
        }
        BufferedImage image = new BufferedImage(
                SIDE, SIDE, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, levels, levels, levels));
        image.getRaster().setDataElements(0, 0, SIDE, SIDE, indices);
        return image;
    }

    private static BufferedImage noise(int type) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, type);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, 0xff000000 | random.nextInt());
        }
        return image;
    }

    private static byte[] rgb(BufferedImage image) {
        byte[] bytes = new byte[image.getWidth() * image.getHeight() * 3];
        for (int i = 0; i < bytes.length; i++) {
            int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
            bytes[i] = (byte) (pixel >> (16 - 8 * (i % 3)));
        }
        return bytes;
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).as(format).isTrue();
        return out.toByteArray();
    }

    private static byte[] progressive(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        return written(writer, new IIOImage(image, null, null), parameters);
    }

    private static byte[] written(ImageWriter writer, IIOImage image, ImageWriteParam parameters) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream to = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, image, parameters);
        }
        return out.toByteArray();
    }

    /** With a chunk eXIf behind the header, which takes 33 bytes with the signature. */
    private static byte[] withExif(byte[] png, int orientation) {
        byte[] exif = {
            'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0, 0, 0, 0, 0
        };
        ByteBuffer out = ByteBuffer.allocate(png.length + 12 + exif.length);
        out.put(png, 0, 33)
                .putInt(exif.length)
                .put("eXIf".getBytes(StandardCharsets.US_ASCII))
                .put(exif);
        CRC32 sum = new CRC32();
        sum.update(out.array(), 37, 4 + exif.length);
        return out.putInt((int) sum.getValue()).put(png, 33, png.length - 33).array();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PictureTest.class.getResourceAsStream("/pictures/" + name)) {
            return in.readAllBytes();
        }
    }
}

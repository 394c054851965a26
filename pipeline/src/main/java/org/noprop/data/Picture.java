package org.noprop.data;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.noprop.tensor.ImageShape;

/**
 * The picture in an image file in its own size; where there are several, the first.
 *
 * <p>Values are those that the file stores, brought to 0 … 255: grey gets no gamma, 16 bits are rounded to 8, CMYK becomes
 * RGB by (255 - C)(255 - K) / 255, and transparency is left out, all as Pillow's {@code convert("RGB")} does. It is turned
 * as its Exif orientation says.
 *
 * @param shape 1 channel where the file knows nothing but grey, and otherwise 3
 * @param pixels height × width × channels bytes, row by row, channels last; not copied
 * @param plain whether it is of 8 bits of grey or of colours, upright: what has been read to these values ever since
 */
public record Picture(ImageShape shape, byte[] pixels, boolean plain) implements Serializable {
    private static final long MOST_PIXELS = 1L << 26;
    private static final int GREY = 1;
    private static final int COLOURS = 3;
    private static final int CMYK = 4;
    private static final int LEVELS = 255;

    private static final Map<ImageFormat, ImageReaderSpi> OF_THE_JDK = ofTheJdk();

    /**
     * The picture in a file.
     *
     * @throws DamagedImageException if there is none, it is truncated or damaged, or has more than 67 million pixels
     */
    public static Picture decode(byte[] file) throws DamagedImageException {
        if (file.length == 0) {
            throw new DamagedImageException("the file is empty");
        }
        ImageFormat format = ImageFormat.of(file)
                .orElseThrow(() -> new DamagedImageException(
                        "neither PNG nor JPEG, GIF, BMP, TIFF or WebP, " + file.length + " bytes"));
        format.requireWhole(file);
        try {
            return read(format, file).turned(format.orientation(file));
        } catch (IOException | RuntimeException e) {
            // Decoders answer damage with exceptions of many kinds.
            boolean ended = e instanceof EOFException;
            throw new DamagedImageException(
                    ended ? "the file ends within the image" : "the image cannot be decoded: " + e, e);
        }
    }

    private static Picture read(ImageFormat format, byte[] file) throws IOException, DamagedImageException {
        return switch (format) {
            case TIFF -> of(read(new TIFFImageReaderSpi().createReaderInstance(null), file, ImageReader::read));
            case WEBP -> of(read(new WebPImageReaderSpi().createReaderInstance(null), file, ImageReader::read));
            case JPEG -> jpeg(file);
            default -> of(read(OF_THE_JDK.get(format).createReaderInstance(), file, ImageReader::read));
        };
    }

    /** The JDK's reader gives the bits that there have always been; the other knows rarer kinds, such as lossless ones. */
    private static Picture jpeg(byte[] file) throws IOException, DamagedImageException {
        ImageReader reader = OF_THE_JDK.get(ImageFormat.JPEG).createReaderInstance();
        try {
            return ImageFormat.components(file) == CMYK
                    ? cmyk(read(reader, file, ImageReader::readRaster), true, ImageFormat.isYcck(file))
                    : of(read(reader, file, ImageReader::read));
        } catch (IOException | RuntimeException e) {
            IIORegistry registry = IIORegistry.getDefaultInstance();
            if (registry.getServiceProviderByClass(JPEGImageReaderSpi.class) == null) {
                registry.registerServiceProvider(new JPEGImageReaderSpi());
            }
            ImageReaderSpi other = registry.getServiceProviderByClass(JPEGImageReaderSpi.class);
            Picture read = of(read(other.createReaderInstance(), file, ImageReader::read));
            return new Picture(read.shape, read.pixels, false);
        }
    }

    /** By their class, whatever else this process has registered. */
    private static Map<ImageFormat, ImageReaderSpi> ofTheJdk() {
        Map<ImageFormat, ImageReaderSpi> readers = new EnumMap<>(ImageFormat.class);
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        all.forEachRemaining(found -> {
            if (found.getClass().getName().startsWith("com.sun.imageio.")) {
                List<String> names = List.of(found.getFormatNames());
                for (ImageFormat format : ImageFormat.values()) {
                    if (names.contains(format.name().toLowerCase(Locale.ROOT))) {
                        readers.put(format, found);
                    }
                }
            }
        });
        return readers;
    }

    private interface Reading<T> {
        T from(ImageReader reader, int image, ImageReadParam parameters) throws IOException;
    }

    private static <T> T read(ImageReader reader, byte[] file, Reading<T> reading)
            throws IOException, DamagedImageException {
        List<String> damage = new ArrayList<>();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            reader.addIIOReadWarningListener((source, warning) -> {
                if (isDamage(warning)) {
                    damage.add(warning);
                }
            });
            if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                throw new DamagedImageException(
                        reader.getWidth(0) + " × " + reader.getHeight(0) + " pixels are too many");
            }
            T read = reading.from(reader, 0, null);
            if (!damage.isEmpty()) {
                throw new DamagedImageException("the image is truncated or damaged: " + damage.get(0));
            }
            return read;
        } finally {
            reader.dispose();
        }
    }

    /** Of what the JPEG reader says; bytes between segments are common and harm nothing. */
    private static boolean isDamage(String warning) {
        String lower = warning.toLowerCase(Locale.ROOT);
        return lower.contains("truncated file")
                || lower.contains("premature end")
                || (lower.contains("corrupt jpeg data") && !lower.contains("extraneous bytes"));
    }

    private static Picture of(BufferedImage image) throws DamagedImageException {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return isGrey(palette) ? grey(image, palette) : colours(image);
        }
        return switch (model.getColorSpace().getType()) {
            case ColorSpace.TYPE_GRAY -> grey(image);
            case ColorSpace.TYPE_CMYK -> cmyk(image.getRaster(), false, false);
            default -> colours(image);
        };
    }

    private static boolean isGrey(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private static Picture grey(BufferedImage image, IndexColorModel palette) {
        int width = image.getWidth();
        int[] row = new int[width];
        byte[] pixels = new byte[width * image.getHeight()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = (byte) palette.getRed(row[x]);
            }
        }
        return new Picture(new ImageShape(image.getHeight(), width, GREY), pixels, false);
    }

    /** Samples as they are stored: getRGB would take them for linear light and brighten them. */
    private static Picture grey(BufferedImage image) throws DamagedImageException {
        requireWholeNumbers(image.getRaster());
        int width = image.getWidth();
        int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        int[] row = new int[width];
        byte[] pixels = new byte[width * image.getHeight()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = (byte) ((row[x] * LEVELS + most / 2) / most);
            }
        }
        return new Picture(
                new ImageShape(image.getHeight(), width, GREY),
                pixels,
                image.getType() == BufferedImage.TYPE_BYTE_GRAY);
    }

    private static void requireWholeNumbers(Raster raster) throws DamagedImageException {
        int type = raster.getTransferType();
        if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
            throw new DamagedImageException("its pixels are not whole numbers of at most 16 bits");
        }
    }

    private static Picture colours(BufferedImage image) {
        int width = image.getWidth();
        byte[] pixels = new byte[width * image.getHeight() * COLOURS];
        boolean stored = isStoredAsBytes(image.getColorModel());
        byte[] bands = null;
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            int to = y * width * COLOURS;
            if (stored) {
                bands = (byte[]) image.getRaster().getDataElements(0, y, width, 1, bands);
                int each = image.getRaster().getNumBands();
                for (int x = 0; x < width; x++) {
                    System.arraycopy(bands, x * each, pixels, to + x * COLOURS, COLOURS);
                }
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    pixels[to + x * COLOURS] = (byte) (row[x] >> 16);
                    pixels[to + x * COLOURS + 1] = (byte) (row[x] >> 8);
                    pixels[to + x * COLOURS + 2] = (byte) row[x];
                }
            }
        }
        return new Picture(new ImageShape(image.getHeight(), width, COLOURS), pixels, true);
    }

    /** Whether samples are what getRGB would return, pixel by pixel. */
    private static boolean isStoredAsBytes(ColorModel model) {
        return model instanceof ComponentColorModel
                && model.getTransferType() == DataBuffer.TYPE_BYTE
                && model.getColorSpace().isCS_sRGB()
                && model.getComponentSize(0) == Byte.SIZE
                && !model.isAlphaPremultiplied();
    }

    /**
     * RGB of the four inks.
     *
     * @param inverted whether 255 is no ink, as in JPEG files
     * @param ycck whether the first three are the brightness and two differences of colour
     */
    private static Picture cmyk(Raster raster, boolean inverted, boolean ycck) throws DamagedImageException {
        requireWholeNumbers(raster);
        int width = raster.getWidth();
        byte[] pixels = new byte[width * raster.getHeight() * COLOURS];
        int[] inks = null;
        for (int y = 0; y < raster.getHeight(); y++) {
            inks = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, inks);
            for (int x = 0; x < width; x++) {
                if (ycck) {
                    toCmyk(inks, x * CMYK);
                }
                for (int channel = 0; channel < COLOURS; channel++) {
                    int ink = inks[x * CMYK + channel];
                    int black = inks[x * CMYK + COLOURS];
                    int product = inverted ? ink * black : (LEVELS - ink) * (LEVELS - black);
                    pixels[(y * width + x) * COLOURS + channel] = (byte) ((product + LEVELS / 2) / LEVELS);
                }
            }
        }
        return new Picture(new ImageShape(raster.getHeight(), width, COLOURS), pixels, false);
    }

    /** Inverted inks, by the matrix of JFIF. */
    private static void toCmyk(int[] inks, int at) {
        double brightness = inks[at];
        double blue = inks[at + 1] - 128.0;
        double red = inks[at + 2] - 128.0;
        inks[at] = LEVELS - level(brightness + 1.402 * red);
        inks[at + 1] = LEVELS - level(brightness - 0.344136 * blue - 0.714136 * red);
        inks[at + 2] = LEVELS - level(brightness + 1.772 * blue);
    }

    private static int level(double value) {
        return (int) Math.max(0, Math.min(LEVELS, Math.round(value)));
    }

    /** Upright, by the number that Exif gives to the way it is stored. */
    private Picture turned(int orientation) {
        if (orientation == ImageFormat.UPRIGHT) {
            return this;
        }
        boolean lying = orientation > 4;
        int height = lying ? shape.width() : shape.height();
        int width = lying ? shape.height() : shape.width();
        int channels = shape.channels();
        byte[] turned = new byte[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int across = lying ? y : x;
                int down = lying ? x : y;
                boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
                boolean fromBelow = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
                int column = fromRight ? shape.width() - 1 - across : across;
                int row = fromBelow ? shape.height() - 1 - down : down;
                System.arraycopy(
                        pixels,
                        (row * shape.width() + column) * channels,
                        turned,
                        (y * width + x) * channels,
                        channels);
            }
        }
        return new Picture(new ImageShape(height, width, channels), turned, false);
    }
}

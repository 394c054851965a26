package org.noprop.spark;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.noprop.data.DigitSource;
import org.noprop.data.Image;
import org.noprop.data.ImageReader;
import org.noprop.data.ImageSource.Part;

/** Drawn digits as PNG files in a folder for each class. */
public final class PngFiles {
    private static final int SIDE = 28;

    private PngFiles() {}

    /** The first images of a part; a file is named by its image's index. */
    public static void write(DigitSource source, Part part, int count, Path folder) throws IOException {
        try (ImageReader images = source.open(new Configuration(), part)) {
            for (int i = 0; i < count; i++) {
                Image image = images.read(i);
                Path own = Files.createDirectories(folder.resolve(String.valueOf(image.label())));
                Files.write(own.resolve(i + ".png"), png(image));
            }
        }
    }

    /** The bytes of a PNG file. */
    public static byte[] png(Image image) throws IOException {
        BufferedImage grey = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setDataElements(0, 0, SIDE, SIDE, image.bytes());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(grey, "png", out);
        return out.toByteArray();
    }
}

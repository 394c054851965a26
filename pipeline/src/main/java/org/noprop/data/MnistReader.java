package org.noprop.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.noprop.data.ImageSource.Part;

/** Reads an image file and its label file side by side. */
final class MnistReader implements ImageReader {
    private final Part part;
    private final IdxFile imageFile;
    private final int imageBytes;
    private final DataInputStream images;
    private final DataInputStream labels;
    private long next;

    MnistReader(Part part, IdxFile imageFile, IdxFile labelFile, int imageBytes) {
        this.part = part;
        this.imageFile = imageFile;
        this.imageBytes = imageBytes;
        images = imageFile.open().stream();
        labels = labelFile.open().stream();
    }

    @Override
    public Image read(long index) {
        try {
            images.skipNBytes((index - next) * imageBytes);
            labels.skipNBytes(index - next);
            next = index + 1;
            byte[] bytes = new byte[imageBytes];
            images.readFully(bytes);
            return new Image(part.id(index), labels.readUnsignedByte(), bytes);
        } catch (IOException e) {
            throw new DamagedFileException(
                    "Cannot read " + imageFile + ": it ends before image " + index + " or is damaged", e);
        }
    }

    @Override
    public void close() {
        try (images;
                labels) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

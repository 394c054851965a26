package org.noprop.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.noprop.data.ImageSource.Part;

/** Reads the files of one part one after the other. */
final class CifarReader implements ImageReader {
    private static final int PIXELS = CifarSource.SIDE * CifarSource.SIDE;

    private final Part part;
    private final List<CifarFile> files;
    private int file = -1;
    private long end;
    private long next;
    private DataInputStream stream;

    CifarReader(Part part, List<CifarFile> files) {
        this.part = part;
        this.files = files;
    }

    @Override
    public Image read(long index) {
        while (index >= end) {
            openNext(index);
        }
        CifarSource.Variant variant = files.get(file).variant();
        byte[] entry = new byte[variant.recordBytes()];
        try {
            stream.skipNBytes((index - next) * entry.length);
            stream.readFully(entry);
            next = index + 1;
        } catch (IOException e) {
            throw new DamagedFileException("Cannot read " + files.get(file) + ": it ends before image " + index, e);
        }
        int label = Byte.toUnsignedInt(entry[variant.labelBytes() - 1]);
        return new Image(part.id(index), label, channelsLast(entry, variant.labelBytes()));
    }

    private void openNext(long index) {
        close();
        file++;
        if (file == files.size()) {
            throw InvalidInputException.cannotRead(files.get(file - 1), "it ends before image " + index);
        }
        stream = files.get(file).open();
        next = end;
        end += files.get(file).records();
    }

    /** Published images are one plane a channel. */
    private static byte[] channelsLast(byte[] entry, int offset) {
        byte[] image = new byte[PIXELS * CifarSource.CHANNELS];
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            for (int channel = 0; channel < CifarSource.CHANNELS; channel++) {
                image[pixel * CifarSource.CHANNELS + channel] = entry[offset + channel * PIXELS + pixel];
            }
        }
        return image;
    }

    @Override
    public void close() {
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

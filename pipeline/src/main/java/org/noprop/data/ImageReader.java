package org.noprop.data;

import java.io.Closeable;

/** Images of one part of a dataset, read one after the other. An instance belongs to one thread. */
public interface ImageReader extends Closeable {

    /**
     * The image at an index; those between it and the one read before are skipped.
     *
     * @param index 0 … images-1, greater than that of every earlier call
     * @throws InvalidInputException if the file ends before it or holds an impossible label
     */
    Image read(long index);

    @Override
    void close();
}

package org.noprop.embedding;

import java.io.Serializable;

/**
 * How the patches of an image become its features.
 *
 * @param size pixels of a patch's side
 * @param stride pixels from one patch to the next
 * @param contrast what is added to a patch's variance when its contrast is normalised, in squares of grey levels
 * @param unitLength whether whitened patches are scaled to length 1
 * @param encoding of responses
 * @param pooling cells of a row and of a column that features are averaged in
 * @param squareRoot whether the root of each average is taken
 * @param mirror whether the features are the mean of those of the image and of its mirror image
 */
public record PatchSettings(
        int size,
        int stride,
        double contrast,
        boolean unitLength,
        Encoding encoding,
        int pooling,
        boolean squareRoot,
        boolean mirror)
        implements Serializable {}

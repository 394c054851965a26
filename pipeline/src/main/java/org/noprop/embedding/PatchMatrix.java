package org.noprop.embedding;

import org.noprop.tensor.FloatMatrix;
import org.noprop.tensor.Product;

/**
 * The patches of an image as the rows of a matrix in native memory. Whitened and scaled to length 1, or, where
 * their length stays as it is, only centred: whitening is linear, so that the dictionary can take it over.
 */
final class PatchMatrix implements AutoCloseable {
    private final PatchGrid grid;
    private final double contrast;
    private final boolean unitLength;
    private final float[] mean;
    private final float[] values;
    private final FloatMatrix centred;
    private final FloatMatrix whitened;
    private final FloatMatrix whitening;
    private final Product product = Product.forward();

    PatchMatrix(PatchGrid grid, PatchSettings settings, Whitening whitening) {
        this.grid = grid;
        this.contrast = settings.contrast();
        this.unitLength = settings.unitLength();
        this.mean = whitening.mean();
        this.values = new float[grid.positions() * grid.length()];
        this.centred = FloatMatrix.of(grid.positions(), grid.length());
        this.whitened = FloatMatrix.of(grid.positions(), grid.length());
        this.whitening = FloatMatrix.of(grid.length(), grid.length());
        this.whitening.write(0, whitening.matrix(), whitening.matrix().length);
    }

    /** positions × length; the same array each time. */
    FloatMatrix matrix() {
        return unitLength ? whitened : centred;
    }

    /** Takes the patches of an image. */
    void load(byte[] image) {
        grid.require(image);
        for (int position = 0; position < grid.positions(); position++) {
            int from = position * mean.length;
            grid.copyNormalised(image, position, contrast, values, from);
            for (int i = 0; i < mean.length; i++) {
                values[from + i] -= mean[i];
            }
        }
        centred.write(0, values, values.length);
        if (unitLength) {
            product.multiply(centred, whitening, whitened);
            whitened.read(0, values, values.length);
            for (int from = 0; from < values.length; from += mean.length) {
                Whitening.scaleToUnitLength(values, from, mean.length);
            }
            whitened.write(0, values, values.length);
        }
    }

    @Override
    public void close() {
        centred.close();
        whitened.close();
        whitening.close();
    }
}

package org.noprop.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The largest value of each channel in every 2 × 2 pixels; an odd last pixel row or column is left out. */
public final class MaxPool {
    /** Op arguments: sides, strides, padding, dilation, "no padding", unused, and channels last. */
    private static final long[] ARGUMENTS = {2, 2, 2, 2, 0, 0, 1, 1, 0, 0, 1};

    private final ImageShape in;
    private final ImageShape out;
    private final NativeCall forward = new NativeCall("maxpool2d", 2, ARGUMENTS);
    private final NativeCall backward = new NativeCall("maxpool2d_bp", 3, ARGUMENTS);

    /** Pooling of images of this shape. */
    public MaxPool(ImageShape in) {
        this.in = in;
        this.out = in.pooled();
    }

    /** Shape of a pooled image. */
    public ImageShape output() {
        return out;
    }

    /**
     * The pooled images.
     *
     * @param x [rows, in]
     * @param y receives [rows, out]
     */
    public void forward(INDArray x, INDArray y) {
        forward.input(0, x, in.batch(x.rows())).into(y, out.batch(x.rows()));
    }

    /**
     * The gradient of x.
     *
     * @param x [rows, in], as in the forward pass
     * @param dy [rows, out]
     * @param dx receives [rows, in]
     */
    public void backward(INDArray x, INDArray dy, INDArray dx) {
        backward.input(0, x, in.batch(x.rows()))
                .input(1, dy, out.batch(x.rows()))
                .into(dx, in.batch(x.rows()));
    }
}

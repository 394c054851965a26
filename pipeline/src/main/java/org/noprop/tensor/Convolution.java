package org.noprop.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 3 × 3 convolution with stride 1, without padding: output pixel (i, j) is b + Σ over the patch of input
 * pixels (i … i+2, j … j+2) times w.
 *
 * <p>Matrices have a row for each image ({@link ImageShape}). Forward pass and input gradient are ND4J's
 * native ops, which oneDNN computes. Its weight gradient is three times slower than a matrix product over
 * the input's patches, so that is what this uses; the patches are gathered a few images at a time.
 */
public final class Convolution {
    /** Height and width of a patch. */
    static final int SIDE = 3;

    /** Op arguments: sides, strides, padding, dilation, "no padding" and channels last. */
    private static final long[] ARGUMENTS = {SIDE, SIDE, 1, 1, 0, 0, 1, 1, 0, 1};

    private final ImageShape in;
    private final ImageShape out;
    private final Scratch scratch;
    private final Patches patches;
    private final NativeCall forward = new NativeCall("conv2d", 4, ARGUMENTS);
    private final NativeCall inputGradient = new NativeCall("deconv2d", 3, ARGUMENTS);

    /**
     * A convolution.
     *
     * @param in shape of an input image
     * @param channels of the output
     */
    public Convolution(Scratch scratch, ImageShape in, int channels) {
        this.in = in;
        this.out = in.convolved(channels);
        this.scratch = scratch;
        this.patches = new Patches(scratch, in);
    }

    /** Shape of an output image. */
    public ImageShape output() {
        return out;
    }

    /**
     * The output.
     *
     * @param x [rows, in]
     * @param w [3, 3, input channels, output channels]
     * @param b [output channels]
     * @param y receives [rows, out]
     */
    public void forward(INDArray x, INDArray w, INDArray b, INDArray y) {
        forward.input(0, x, in.batch(x.rows()))
                .input(1, w, w.shape())
                .input(2, b, b.shape())
                .into(y, out.batch(x.rows()));
    }

    /**
     * The gradient of x.
     *
     * @param dy [rows, out]
     * @param w as in the forward pass
     * @param dx receives [rows, in]
     */
    public void inputGradient(INDArray dy, INDArray w, INDArray dx) {
        inputGradient.input(0, dy, out.batch(dy.rows())).input(1, w, w.shape()).into(dx, in.batch(dy.rows()));
    }

    /**
     * The gradient of w, or that of some of the images added to those of others.
     *
     * @param x [rows, in]
     * @param first the first image that dy belongs to
     * @param dy [count, out]
     * @param dw receives the shape of w
     * @param add whether to add to what dw holds
     */
    public void weightGradient(INDArray x, int first, INDArray dy, INDArray dw, boolean add) {
        patches.multiply(x, first, dy, dw.reshape('c', true, (long) SIDE * SIDE * in.channels(), out.channels()), add);
    }

    /**
     * The gradient of b: the sum over all pixels of all images.
     *
     * @param dy [rows, …], the channels of a pixel side by side; what pooling left out may be missing
     * @param db receives [output channels]
     */
    public void biasGradient(INDArray dy, INDArray db) {
        long pixels = dy.length() / out.channels();
        INDArray ones = scratch.ones(Math.toIntExact(pixels));
        Product.columnSums(dy.reshape('c', true, pixels, out.channels()), ones, 1, db);
    }
}

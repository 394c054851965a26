package org.noprop.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The 3 × 3 patches of images as rows of a matrix, and their product with the gradients of a convolution's
 * output, a few images at a time so that the patches stay in the CPU's cache.
 *
 * <p>A patch's pixel row is contiguous in an image. On the Java heap the JIT compiler copies such short
 * runs many times faster than native calls would.
 */
final class Patches {
    private static final long CHUNK_BYTES = 1 << 20;

    private final ImageShape in;
    private final ImageShape positions;
    private final Scratch scratch;
    private final int width;
    private final int chunk;
    private final byte[] image;
    private final byte[] rows;
    private final NativeCall product = new NativeCall("matmul", 3, new double[] {1, 0}, 1, 0, 0);
    private final NativeCall addedProduct = new NativeCall("matmul", 3, new double[] {1, 1}, 1, 0, 0);

    /** Patches of images of this shape. */
    Patches(Scratch scratch, ImageShape in) {
        this.width = Convolution.SIDE * Convolution.SIDE * in.channels();
        int size = scratch.type().width();
        this.in = in;
        this.positions = in.convolved(width);
        this.scratch = scratch;
        this.image = new byte[in.length() * size];
        this.rows = new byte[positions.length() * size];
        this.chunk = (int) Math.max(1, CHUNK_BYTES / rows.length);
    }

    /**
     * patchesᵀ slopes.
     *
     * @param images [n, image]
     * @param from the first image that belongs to the slopes
     * @param slopes [count, positions × channels]
     * @param result receives [patch, channels]
     * @param add whether to add to what it holds
     */
    void multiply(INDArray images, int from, INDArray slopes, INDArray result, boolean add) {
        int count = slopes.rows();
        for (int first = 0; first < count; first += chunk) {
            int size = Math.min(chunk, count - first);
            INDArray part = slopes.get(NDArrayIndex.interval(first, first + size), NDArrayIndex.all());
            INDArray patches = gather(images, from + first, size);
            (add || first > 0 ? addedProduct : product)
                    .input(0, patches, patches.shape())
                    .input(1, part, patches.rows(), result.columns())
                    .into(result, result.shape());
        }
    }

    /** The patches of {@code count} images from {@code first} on, [count × positions, patch]. */
    private INDArray gather(INDArray images, int first, int count) {
        INDArray patches = scratch.product(count * positions.pixels(), width);
        BytePointer from = new BytePointer(HostMemory.of(images));
        BytePointer to = new BytePointer(HostMemory.of(patches));
        for (int i = 0; i < count; i++) {
            from.position((long) (first + i) * image.length).get(image);
            copyPatches();
            to.position((long) i * rows.length).put(rows);
        }
        HostMemory.written(patches);
        return patches;
    }

    private void copyPatches() {
        int pixel = image.length / in.pixels();
        int run = Convolution.SIDE * pixel;
        int to = 0;
        for (int top = 0; top < positions.height(); top++) {
            for (int left = 0; left < positions.width(); left++) {
                for (int row = 0; row < Convolution.SIDE; row++) {
                    System.arraycopy(image, ((top + row) * in.width() + left) * pixel, rows, to, run);
                    to += run;
                }
            }
        }
    }
}

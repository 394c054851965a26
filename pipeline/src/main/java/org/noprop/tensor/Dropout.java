package org.noprop.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Dropout (Srivastava et al. 2014): in training each value becomes 0 with probability {@code rate}, and
 * is divided by 1 - rate otherwise; in inference nothing happens.
 *
 * <p>Whether a value stays is a hash of its row's seed, the layer and its place in the row, and of nothing
 * else: not of the row's place in the batch, nor of threads or retries.
 */
public final class Dropout {
    private static final int KEEP_ALL = Integer.MAX_VALUE;

    private final Scratch scratch;
    private final int layer;
    private final float scale;
    private final int threshold;
    private int[] mask = {};

    /**
     * A layer's dropout.
     *
     * @param rate probability that a value is dropped, in [0, 1)
     * @param layer which of the network's dropouts it is
     */
    public Dropout(Scratch scratch, double rate, int layer) {
        this.scratch = scratch;
        this.layer = layer;
        this.scale = (float) (1 / (1 - rate));
        this.threshold = (int) Math.round((1 - rate) * KEEP_ALL);
    }

    /** 1 / (1 - rate). */
    public double scale() {
        return scale;
    }

    /**
     * Drops values in place.
     *
     * @param values [rows, width]
     * @param seeds one for each row; more are not looked at
     */
    public void apply(INDArray values, long[] seeds) {
        if (threshold < KEEP_ALL) {
            Nd4j.exec(new MulOp(values, masks(values.rows(), values.columns(), seeds), values));
        }
    }

    private INDArray masks(int rows, int width, long[] seeds) {
        INDArray masks = scratch.product(rows, width);
        if (mask.length != width) {
            mask = new int[width];
        }
        for (int row = 0; row < rows; row++) {
            fill(seeds[row]);
            put(masks, (long) row * width);
        }
        return masks;
    }

    /**
     * A row's mask, 0 or the scale as the bits of a float: two rounds of MurmurHash3's finaliser on the
     * place, with half of the row's key before each. Whole numbers only, and no branch: the JIT compiler
     * turns this into vector instructions.
     */
    private void fill(long seed) {
        long key = mix(seed + layer * 0x9e3779b97f4a7c15L);
        int first = (int) key;
        int second = (int) (key >>> 32);
        int bits = Float.floatToRawIntBits(scale);
        for (int i = 0; i < mask.length; i++) {
            int hash = i * 0x9e3779b9 + first;
            hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
            hash = hash ^ second;
            hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
            hash = hash ^ (hash >>> 16);
            mask[i] = (((hash >>> 1) - threshold) >> 31) & bits;
        }
    }

    private void put(INDArray masks, long position) {
        if (masks.dataType() == DataType.FLOAT) {
            new IntPointer(HostMemory.of(masks)).position(position).put(mask);
            HostMemory.written(masks);
            return;
        }
        double[] values = new double[mask.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(mask[i]);
        }
        new DoublePointer(HostMemory.of(masks)).position(position).put(values);
        HostMemory.written(masks);
    }

    /** SplitMix64's finaliser. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

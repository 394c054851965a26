package org.noprop.embedding;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.Product;

/**
 * Images that one thread encodes a second (32 × 32 × 3, patches of 6 pixels, two-sided threshold, 2 × 2 cells), and
 * the share of the rate of a large matrix product that the products in it reach. Both in processor time of the
 * thread, in turn.
 *
 * <p>Arguments: patches of the dictionary; rounds; kept, or unit for whitened patches of length 1.
 */
public final class EncodingBenchmark {
    private static final int SIDE = 1024;
    private static final int IMAGES = 40;

    private EncodingBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        int atoms = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        boolean unit = arguments[2].equals("unit");
        NativeBackend.load();
        PatchGrid grid = new PatchGrid(32, 32, 3, 6, 1);
        PatchSettings settings = new PatchSettings(6, 1, 10, unit, new ThresholdEncoding(0.5f), 2, true, false);
        SplittableRandom random = new SplittableRandom(1);
        byte[] image = new byte[32 * 32 * 3];
        random.nextBytes(image);
        try (PatchEncoder encoder = new PatchEncoder(grid, settings, dictionary(grid, atoms, random))) {
            float[] features = new float[encoder.width()];
            double operations = 2.0 * grid.positions() * grid.length() * atoms;
            double[] encoding = new double[rounds];
            double[] product = new double[rounds];
            Matrices matrices = new Matrices();
            for (int round = -1; round < rounds; round++) {
                double image1 = seconds(IMAGES, () -> encoder.encode(image, features));
                double product1 = seconds(IMAGES, matrices::multiply);
                if (round >= 0) {
                    encoding[round] = image1;
                    product[round] = product1;
                }
            }
            Arrays.sort(encoding);
            Arrays.sort(product);
            double rate = operations / encoding[rounds / 2] / 1e9;
            double peak = 2.0 * SIDE * SIDE * SIDE / product[rounds / 2] / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%d patches, length %s: %.1f images/s, %.1f GFLOP/s; matrix product %.1f GFLOP/s; share %.2f%n",
                    atoms,
                    arguments[2],
                    1 / encoding[rounds / 2],
                    rate,
                    peak,
                    rate / peak);
        }
    }

    private static PatchDictionary dictionary(PatchGrid grid, int atoms, SplittableRandom random) {
        int length = grid.length();
        float[] identity = new float[length * length];
        for (int i = 0; i < length; i++) {
            identity[i * length + i] = 1;
        }
        float[] values = new float[atoms * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new PatchDictionary(new Whitening(new float[length], identity), values);
    }

    /** Mean processor time of one call. */
    private static double seconds(int calls, Runnable run) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            run.run();
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9 / calls;
    }

    /** A product of two large matrices. */
    private static final class Matrices {
        private final INDArray left = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
        private final INDArray right = Nd4j.rand(DataType.FLOAT, SIDE, SIDE);
        private final INDArray result = Nd4j.create(DataType.FLOAT, SIDE, SIDE);
        private final Product product = Product.forward();

        void multiply() {
            product.multiply(left, right, result);
        }
    }
}

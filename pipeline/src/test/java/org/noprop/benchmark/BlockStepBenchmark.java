package org.noprop.benchmark;

import java.util.Arrays;
import java.util.Locale;
import org.noprop.network.Block;
import org.noprop.tensor.NativeBackend;

/**
 * Times one training step of a block, as torch_block.py does: sampling the noised labels, forward, backward
 * and AdamW on a batch of 128. Prints one JSON object.
 *
 * <p>Arguments: {@code ours} or {@code stock} (DL4J's own layers, over an image embedding only); cifar10,
 * mnist or the width of an image embedding; warm-up steps; timed steps.
 */
public final class BlockStepBenchmark {
    private BlockStepBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        String variant = arguments[0];
        String input = arguments[1];
        int warmUp = Integer.parseInt(arguments[2]);
        int steps = Integer.parseInt(arguments[3]);
        NativeBackend backend = NativeBackend.load();
        Workload workload = new Workload(Workload.imagePart(input).components());
        if (variant.equals("stock")) {
            StockBlock block = new StockBlock(Integer.parseInt(input), Workload.CLASSES);
            double median = median(() -> workload.step(block::trainStep), warmUp, steps);
            print(backend, variant, input, block.parameters(), median);
            return;
        }
        try (Block block = Workload.block(input)) {
            double median = median(() -> workload.step(block), warmUp, steps);
            print(backend, variant, input, block.parameters(), median);
        }
    }

    private static double median(Runnable step, int warmUp, int steps) {
        double[] times = new double[steps];
        for (int i = -warmUp; i < steps; i++) {
            long start = System.nanoTime();
            step.run();
            times[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[steps / 2];
    }

    private static void print(NativeBackend backend, String variant, String input, long parameters, double median) {
        System.out.printf(
                Locale.ROOT,
                "{\"framework\": \"dl4j 1.0.0-M2.1, %s\", \"input\": \"%s\", \"threads\": %d, \"batch\": %d,"
                        + " \"parameters\": %d, \"ms_per_step\": %.2f, \"samples_per_second\": %.1f,"
                        + " \"native\": \"%s\", \"blas\": \"%s %s\"}%n",
                variant.equals("stock") ? "its own layers" : "our units",
                Character.isDigit(input.charAt(0)) ? "embedding " + input : input,
                backend.threads(),
                Workload.BATCH,
                parameters,
                median,
                Workload.BATCH / median * 1e3,
                backend.extension(),
                backend.blas(),
                backend.blasKernels());
    }
}

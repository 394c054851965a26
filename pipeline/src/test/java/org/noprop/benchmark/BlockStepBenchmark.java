package org.noprop.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.AdamWSettings;
import org.noprop.network.BlockBatch;
import org.noprop.network.BlockNetwork;
import org.noprop.network.Dl4jNetworks;
import org.noprop.network.ImagePart;
import org.noprop.tensor.NativeBackend;

/**
 * Times one training step of a block over an image embedding, as torch_block.py does: sampling the noised
 * labels, forward, backward and AdamW on a batch of 128. Prints one JSON object.
 *
 * <p>Arguments: {@code ours} or {@code stock} (DL4J's own layers), the embedding's width, warm-up steps,
 * timed steps.
 */
public final class BlockStepBenchmark {
    private static final int BATCH = 128;
    private static final int CLASSES = 10;
    private static final double ALPHA_BAR = .34;
    private static final double WEIGHT = .26;

    private BlockStepBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        String variant = arguments[0];
        int width = Integer.parseInt(arguments[1]);
        int warmUp = Integer.parseInt(arguments[2]);
        int steps = Integer.parseInt(arguments[3]);
        NativeBackend backend = NativeBackend.load();
        if (variant.equals("stock")) {
            StockBlock block = new StockBlock(width, CLASSES);
            print(backend, variant, width, block.parameters(), median(width, block::trainStep, warmUp, steps));
            return;
        }
        try (BlockNetwork block = new Dl4jNetworks()
                .block(ImagePart.embedding(width), new OneHotEmbedding(CLASSES), new AdamWSettings(1e-3, 1e-3), 0)) {
            double median = median(width, batch -> block.trainStep(batch, WEIGHT), warmUp, steps);
            print(backend, variant, width, block.parameters(), median);
        }
    }

    private static double median(int width, ToDoubleFunction<BlockBatch> trainStep, int warmUp, int steps) {
        SplittableRandom random = new SplittableRandom(0);
        BlockBatch batch = batch(width, random);
        double[] times = new double[steps];
        for (int i = -warmUp; i < steps; i++) {
            long start = System.nanoTime();
            sampleNoise(batch, random);
            if (Double.isNaN(trainStep.applyAsDouble(batch))) {
                throw new IllegalStateException("The error is not a number");
            }
            times[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[steps / 2];
    }

    private static BlockBatch batch(int width, SplittableRandom random) {
        float[] images = new float[BATCH * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        return new BlockBatch(
                BATCH,
                images,
                new float[BATCH * CLASSES],
                random.ints(BATCH, 0, CLASSES).toArray());
    }

    private static void sampleNoise(BlockBatch batch, SplittableRandom random) {
        float[] z = batch.noisedLabels();
        for (int i = 0; i < z.length; i++) {
            double label = i % CLASSES == batch.labels()[i / CLASSES] ? 1 : 0;
            z[i] = (float) (Math.sqrt(ALPHA_BAR) * label + Math.sqrt(1 - ALPHA_BAR) * random.nextGaussian());
        }
    }

    private static void print(NativeBackend backend, String variant, int width, long parameters, double median) {
        System.out.printf(
                Locale.ROOT,
                "{\"framework\": \"dl4j 1.0.0-M2.1, %s\", \"input\": \"embedding %d\", \"threads\": %d, \"batch\": %d,"
                        + " \"parameters\": %d, \"ms_per_step\": %.2f, \"samples_per_second\": %.1f,"
                        + " \"native\": \"%s\", \"blas\": \"%s %s\"}%n",
                variant.equals("stock") ? "its own layers" : "our units",
                width,
                backend.threads(),
                BATCH,
                parameters,
                median,
                BATCH / median * 1e3,
                backend.extension(),
                backend.blas(),
                backend.blasKernels());
    }
}

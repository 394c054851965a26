package org.noprop.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
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
 * <p>Arguments: the embedding's width, warm-up steps, timed steps.
 */
public final class BlockStepBenchmark {
    private static final int BATCH = 128;
    private static final int CLASSES = 10;
    private static final double ALPHA_BAR = .34;
    private static final double WEIGHT = .26;

    private BlockStepBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        int width = Integer.parseInt(arguments[0]);
        int warmUp = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        NativeBackend backend = NativeBackend.load();
        try (BlockNetwork block = new Dl4jNetworks()
                .block(ImagePart.embedding(width), new OneHotEmbedding(CLASSES), new AdamWSettings(1e-3, 1e-3), 0)) {
            Step step = new Step(block, new SplittableRandom(0));
            for (int i = 0; i < warmUp; i++) {
                step.run();
            }
            double[] times = new double[steps];
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                step.run();
                times[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "{\"framework\": \"noprop\", \"input\": \"embedding %d\", \"threads\": %d, \"batch\": %d,"
                            + " \"parameters\": %d, \"ms_per_step\": %.2f, \"native\": \"%s\", \"blas\": \"%s %s\"}%n",
                    width,
                    backend.threads(),
                    BATCH,
                    block.parameters(),
                    times[steps / 2],
                    backend.extension(),
                    backend.blas(),
                    backend.blasKernels());
        }
    }

    /** One step on the same images and labels with fresh noise. */
    private static final class Step {
        private final BlockNetwork block;
        private final SplittableRandom random;
        private final BlockBatch batch;

        Step(BlockNetwork block, SplittableRandom random) {
            this.block = block;
            this.random = random;
            float[] images = new float[BATCH * block.shape().imageWidth()];
            for (int i = 0; i < images.length; i++) {
                images[i] = (float) random.nextGaussian();
            }
            int[] labels = random.ints(BATCH, 0, CLASSES).toArray();
            this.batch = new BlockBatch(BATCH, images, new float[BATCH * CLASSES], labels);
        }

        void run() {
            float[] z = batch.noisedLabels();
            for (int i = 0; i < z.length; i++) {
                double label = i % CLASSES == batch.labels()[i / CLASSES] ? 1 : 0;
                z[i] = (float) (Math.sqrt(ALPHA_BAR) * label + Math.sqrt(1 - ALPHA_BAR) * random.nextGaussian());
            }
            double error = block.trainStep(batch, WEIGHT);
            if (Double.isNaN(error)) {
                throw new IllegalStateException("The error is not a number");
            }
        }
    }
}

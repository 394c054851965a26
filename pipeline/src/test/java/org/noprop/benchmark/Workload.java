package org.noprop.benchmark;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Batch;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.OptimiserSettings;

/**
 * What torch_block.py trains a block on: one batch of random images and labels, with noise, and dropout
 * where there is any, drawn anew at every step.
 */
final class Workload {
    static final int BATCH = 128;
    static final int CLASSES = 10;

    private static final double ALPHA_BAR = .34;
    private static final double WEIGHT = .26;
    /** Of one step, whose gain of SNR is capped at 1. */
    private static final Method METHOD = new Method.Discrete(NoiseSchedule.of(ALPHA_BAR, .9), 2 * WEIGHT, 1);

    private final SplittableRandom random = new SplittableRandom(0);
    private final Batch batch;

    /** A workload over images or image embeddings of {@code width} components. */
    Workload(int width) {
        float[] images = new float[BATCH * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        int[] labels = random.ints(BATCH, 0, CLASSES).toArray();
        this.batch = new Batch(
                BATCH, images, labels, new double[0], new double[BATCH * CLASSES], new double[0], new long[BATCH]);
    }

    /**
     * The image part that an argument names: cifar10, mnist, or the components of an image embedding, to which
     * "x512" adds the width of a block's layers.
     */
    static ImagePart imagePart(String input) {
        return switch (input) {
            case "cifar10" -> paper(new ImageShape(32, 32, 3));
            case "mnist" -> paper(new ImageShape(28, 28, 1));
            default -> overEmbedding(input.split("x", 2));
        };
    }

    private static ImagePart overEmbedding(String... sizes) {
        int components = Integer.parseInt(sizes[0]);
        return sizes.length == 1
                ? ImagePart.embedding(components)
                : new ImagePart.Embedding(components, Integer.parseInt(sizes[1]));
    }

    /** A block with that image part. */
    static Block block(String input) {
        return Block.create(
                METHOD,
                1,
                imagePart(input),
                new OneHotEmbedding(CLASSES),
                new HeadSettings.Linear(),
                OptimiserSettings.adamW(1e-3, 1e-3),
                0);
    }

    /** One step of a block. */
    void step(Block block) {
        step(sampled -> block.trainStep(sampled).error());
    }

    /** One step of whatever trains on a batch and gives its error. */
    void step(ToDoubleFunction<Batch> trainStep) {
        double[] noise = batch.noise();
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextGaussian();
        }
        for (int i = 0; i < BATCH; i++) {
            batch.dropoutSeeds()[i] = random.nextLong();
        }
        if (Double.isNaN(trainStep.applyAsDouble(batch))) {
            throw new IllegalStateException("The error is not a number");
        }
    }

    /** z of a batch, rows × classes. */
    static float[] noisedLabels(Batch batch) {
        float[] z = new float[batch.noise().length];
        for (int i = 0; i < z.length; i++) {
            double label = i % CLASSES == batch.labels()[i / CLASSES] ? 1 : 0;
            z[i] = (float) (Math.sqrt(ALPHA_BAR) * label + Math.sqrt(1 - ALPHA_BAR) * batch.noise()[i]);
        }
        return z;
    }

    private static ImagePart paper(ImageShape image) {
        return new ImagePart.Convolutions(image, List.of(32, 64, 128), .2);
    }
}

package org.noprop.benchmark;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.BlockBatch;
import org.noprop.network.BlockNetwork;
import org.noprop.network.Dl4jNetworks;
import org.noprop.network.ImagePart;
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

    private final SplittableRandom random = new SplittableRandom(0);
    private final BlockBatch batch;

    /** A workload over images or image embeddings of {@code width} components. */
    Workload(int width) {
        float[] images = new float[BATCH * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        int[] labels = random.ints(BATCH, 0, CLASSES).toArray();
        this.batch = new BlockBatch(BATCH, images, new float[BATCH * CLASSES], labels, new long[BATCH]);
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
    static BlockNetwork block(String input) {
        return new Dl4jNetworks()
                .block(imagePart(input), new OneHotEmbedding(CLASSES), OptimiserSettings.adamW(1e-3, 1e-3), 0);
    }

    /** One step of a block. */
    void step(BlockNetwork block) {
        step(sampled -> block.trainStep(sampled, WEIGHT));
    }

    /** One step of whatever trains on a batch and gives its error. */
    void step(ToDoubleFunction<BlockBatch> trainStep) {
        float[] z = batch.noisedLabels();
        for (int i = 0; i < z.length; i++) {
            double label = i % CLASSES == batch.labels()[i / CLASSES] ? 1 : 0;
            z[i] = (float) (Math.sqrt(ALPHA_BAR) * label + Math.sqrt(1 - ALPHA_BAR) * random.nextGaussian());
        }
        for (int i = 0; i < BATCH; i++) {
            batch.dropoutSeeds()[i] = random.nextLong();
        }
        if (Double.isNaN(trainStep.applyAsDouble(batch))) {
            throw new IllegalStateException("The error is not a number");
        }
    }

    private static ImagePart paper(ImageShape image) {
        return new ImagePart.Convolutions(image, List.of(32, 64, 128), .2);
    }
}

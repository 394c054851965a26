package org.noprop.training;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.AdamWSettings;
import org.noprop.network.BaselineBatch;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.BlockBatch;
import org.noprop.network.BlockNetwork;
import org.noprop.network.Dl4jNetworks;
import org.noprop.network.ImagePart;
import org.noprop.network.Networks;
import org.noprop.tensor.MemoryMeter;
import org.noprop.tensor.NativeBackend;

/**
 * Trains one block, or a baseline, for a few steps in a process of its own and reports the memory that it
 * took. {@link MemoryMeasurement} starts it.
 *
 * <p>What the JVM loads and compiles for any training counts as idle: a network of the same kind with hardly
 * any weights trains first. So does the batch: it is data.
 */
final class MemoryProbe {
    static final String MARK = "MEMORY ";

    private static final AdamWSettings OPTIMISER = new AdamWSettings(1e-3, 1e-3);
    private static final int WARM_UP = 100;
    private static final int STEPS = 3;

    private final Networks networks = new Dl4jNetworks();
    private final LabelEmbedding labels;
    private final BlockBatch batch;

    private MemoryProbe(int width, int classes, int rows) {
        SplittableRandom random = new SplittableRandom(1);
        float[] images = new float[rows * width];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        this.labels = new OneHotEmbedding(classes);
        this.batch = new BlockBatch(
                rows,
                images,
                new float[rows * classes],
                random.ints(rows, 0, classes).toArray(),
                random.longs(rows).toArray());
    }

    /** Measures; the arguments are those of {@link MemorySubject#arguments}. */
    public static void main(String[] arguments) {
        NativeBackend.load();
        MemorySubject subject = MemorySubject.parse(List.of(arguments));
        MemoryReport report =
                new MemoryProbe(subject.image().components(), subject.classes(), subject.batch()).measure(subject);
        System.out.println(MARK + report.line());
    }

    private MemoryReport measure(MemorySubject subject) {
        ImagePart tiny = subject.image() instanceof ImagePart.Convolutions convolutions
                ? new ImagePart.Convolutions(
                        convolutions.image(),
                        Collections.nCopies(convolutions.channels().size(), 1),
                        convolutions.dropout())
                : subject.image();
        train(tiny, 0, Math.min(8, batch.rows()), WARM_UP, null);
        if (subject.blocks() > 0) {
            train(tiny, 1, Math.min(8, batch.rows()), WARM_UP, null);
        }
        return train(subject.image(), subject.blocks(), batch.rows(), STEPS, MemoryMeter.start());
    }

    /** Trains a baseline of so many blocks, or one block alone where there are none. */
    private MemoryReport train(ImagePart image, int blocks, int rows, int steps, MemoryMeter meter) {
        return blocks == 0 ? trainBlock(image, rows, steps, meter) : trainBaseline(image, blocks, rows, steps, meter);
    }

    private MemoryReport trainBlock(ImagePart image, int rows, int steps, MemoryMeter meter) {
        BlockBatch part =
                new BlockBatch(rows, batch.images(), batch.noisedLabels(), batch.labels(), batch.dropoutSeeds());
        try (BlockNetwork block = networks.block(image, labels, OPTIMISER, 1)) {
            for (int step = 0; step < steps; step++) {
                block.trainStep(part, 1);
            }
            return meter == null ? null : new MemoryReport(1, false, meter.read(), block.memory());
        }
    }

    private MemoryReport trainBaseline(ImagePart image, int blocks, int rows, int steps, MemoryMeter meter) {
        BaselineBatch part =
                new BaselineBatch(rows, batch.images(), batch.noisedLabels(), batch.labels(), batch.dropoutSeeds());
        try (BaselineNetwork baseline = networks.baseline(blocks, image, labels, OPTIMISER, 1)) {
            for (int step = 0; step < steps; step++) {
                baseline.trainStep(part);
            }
            return meter == null ? null : new MemoryReport(blocks, true, meter.read(), baseline.memory());
        }
    }
}

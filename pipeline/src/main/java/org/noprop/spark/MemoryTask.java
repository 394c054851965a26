package org.noprop.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.noprop.data.EmbeddingTable;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.Baseline;
import org.noprop.network.Block;
import org.noprop.network.MemoryFigures;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.GpuThread;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.MemoryMeter;
import org.noprop.tensor.NativeBackend;
import org.noprop.training.BaselineLearner;
import org.noprop.training.BlockLearner;
import org.noprop.training.Learner;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingRows;

/**
 * What a process of its own measures: the memory of a few training steps of a block or the baseline, on
 * random rows, whose number and values change nothing.
 *
 * @param kind what is trained
 * @param plan how the subject is trained, of T blocks
 * @param steps how many steps
 */
record MemoryTask(Kind kind, TrainingPlan plan, int steps) implements Serializable {
    /** What is trained. */
    enum Kind {
        BLOCK,
        BASELINE,
        /** Every block of NoProp, a step each in turn, as in one process of the paper. */
        ALL_BLOCKS,
        /** The baseline by parts of a batch, whose gradients it sums up before a step. */
        MICRO_BATCHES
    }

    /** Parts of a batch whose gradients are summed up. */
    private static final int PARTS = 4;

    private static final int BATCHES = 2;
    private static final int SEED = 1;
    private static final int FIRST_GPU = 0;
    /** Side of the images, width of the embeddings and of the convolutions of the network that warms up. */
    private static final int SMALL = 16;

    /** Trains something small of the same kind, so that classes and native libraries are there; then measures. */
    SubjectMemory measure() {
        MemoryTask small = new MemoryTask(kind, smallPlan(), BATCHES);
        small.measureFrom(small.rows());
        return measureFrom(rows());
    }

    private SubjectMemory measureFrom(TrainingRows rows) {
        try (MemoryMeter meter = idle()) {
            return switch (kind) {
                case BLOCK -> block(meter, rows);
                case BASELINE -> baseline(meter, rows);
                case ALL_BLOCKS -> allBlocks(meter, rows);
                case MICRO_BATCHES -> new MemoryTask(Kind.BASELINE, plan.withMicroBatches(PARTS), steps)
                        .baseline(meter, rows);
            };
        }
    }

    /** On a CUDA build with what the first GPU's driver counts. */
    private static MemoryMeter idle() {
        if (!NativeBackend.isCudaBuild()) {
            return MemoryMeter.idle();
        }
        GpuThread.attach(FIRST_GPU);
        return MemoryMeter.idleWithGpu(FIRST_GPU);
    }

    private SubjectMemory allBlocks(MemoryMeter meter, TrainingRows rows) {
        List<Block> blocks = new ArrayList<>();
        try {
            for (int t = 1; t <= plan.blocks(); t++) {
                Block block = plan.newBlock(t, SEED);
                blocks.add(block);
                train(new BlockLearner(block, plan, t, rows), rows);
            }
            MemoryFigures together = blocks.stream().map(Block::memory).reduce(MemoryFigures.NONE, MemoryFigures::plus);
            return figures(meter.read(), rows, together);
        } finally {
            blocks.forEach(Block::close);
        }
    }

    private SubjectMemory block(MemoryMeter meter, TrainingRows rows) {
        try (Block block = plan.newBlock(plan.blocks(), SEED)) {
            train(new BlockLearner(block, plan, plan.blocks(), rows), rows);
            return figures(meter.read(), rows, block.memory());
        }
    }

    private SubjectMemory baseline(MemoryMeter meter, TrainingRows rows) {
        try (Baseline network = plan.newBaseline(SEED)) {
            train(new BaselineLearner(network, plan.labels(), rows, plan.baseline()), rows);
            return figures(meter.read(), rows, network.memory());
        }
    }

    private void train(Learner learner, TrainingRows rows) {
        int batchSize = plan.block().batchSize();
        int[] order = new int[rows.training().rows()];
        Arrays.setAll(order, row -> row);
        for (int step = 0; step < steps; step++) {
            learner.step(1 + step / BATCHES, order, step % BATCHES * batchSize, batchSize);
        }
    }

    private SubjectMemory figures(MemoryMeter.Reading reading, TrainingRows rows, MemoryFigures accounted) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("weights", accounted.weights());
        parts.put("gradients", accounted.gradients());
        parts.put("optimiser-state", accounted.optimiserState());
        parts.put("activations", accounted.activations());
        parts.put("scratch", accounted.scratch());
        parts.put("batch", accounted.batch() + batchOnHeap());
        long rowBytes = (long) Float.BYTES * rows.training().width() + Long.BYTES + Integer.BYTES;
        long dataBytes = rows.training().rows() * rowBytes;
        return SubjectMemory.of(reading.nativeBytes(), reading.heapBytes(), reading.deviceBytes(), dataBytes, parts);
    }

    /** The rows as the learner gathers them: image embeddings and noised labels. */
    private long batchOnHeap() {
        int columns = plan.image().components() + plan.labels().width();
        return (long) Float.BYTES * plan.block().batchSize() * columns;
    }

    private TrainingRows rows() {
        int count = BATCHES * plan.block().batchSize();
        SplittableRandom random = new SplittableRandom(SEED);
        long[] ids = new long[count];
        int[] labels = new int[count];
        float[][] embeddings = new float[count][plan.image().components()];
        for (int row = 0; row < count; row++) {
            ids[row] = row;
            labels[row] = row % plan.labels().classes();
            for (int i = 0; i < embeddings[row].length; i++) {
                embeddings[row][i] = (float) random.nextDouble(-1, 1);
            }
        }
        return new TrainingRows(EmbeddingTable.of(ids, labels, embeddings), Optional.empty());
    }

    private TrainingPlan smallPlan() {
        ImagePart image = smallImagePart();
        return new TrainingPlan(
                plan.method(),
                smallLabels(image.components()),
                plan.headKind(),
                image,
                plan.block(),
                plan.head(),
                List.of(plan.baseline().withBlocks(1)),
                plan.averageEvery());
    }

    /** Prototypes are as wide as an image. */
    private LabelEmbedding smallLabels(int width) {
        LabelEmbedding labels = plan.labels();
        return labels instanceof PrototypeEmbedding
                ? new PrototypeEmbedding(
                        labels.classes(), width, labels.trainable(), new float[labels.classes() * width])
                : labels;
    }

    private ImagePart smallImagePart() {
        if (plan.image() instanceof ImagePart.Convolutions convolutions) {
            List<Integer> channels = new ArrayList<>(convolutions.channels());
            channels.replaceAll(given -> 1);
            return new ImagePart.Convolutions(new ImageShape(SMALL, SMALL, 1), channels, convolutions.dropout());
        }
        return new ImagePart.Embedding(SMALL, plan.image().width(), plan.image().initialisation());
    }
}

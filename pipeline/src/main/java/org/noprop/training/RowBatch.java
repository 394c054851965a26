package org.noprop.training;

import java.util.SplittableRandom;
import org.noprop.data.EmbeddingRows;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Batch;

/**
 * The rows of one mini-batch with all that is drawn for them, in arrays that are used again for every batch. Each draw is a
 * function of the run's seed, the learner, the epoch and the row's id: the same row gets the same wherever it stands.
 */
final class RowBatch {
    private static final int BITS = 16;

    private final EmbeddingRows table;
    private final LabelEmbedding labels;
    private final Regularisation regularisation;
    private final NoiseKey inputDropout;
    private final int dropped;
    private final float scale;
    private final NoiseKey labelNoise;
    private final long seed;
    private final float[] images;
    private final int[] classes;
    private final long[] dropoutSeeds;
    private double[] times = {};
    private double[] noise = {};
    private double[] endNoise = {};
    private NoiseKey dropoutKey;
    private NoiseKey timeKey;
    private NoiseKey noiseKey;
    private NoiseKey endNoiseKey;
    private TimeIntervals.Interval interval;
    private boolean rounding;

    /**
     * Batches of a learner, without noise yet.
     *
     * @param table the training rows
     * @param labels of which only the size counts here
     * @param settings batch size, seed and regularisation
     * @param learner {@link Learner#number}
     */
    RowBatch(EmbeddingRows table, LabelEmbedding labels, TrainingSettings settings, int learner) {
        this.table = table;
        this.labels = labels;
        this.regularisation = settings.regularisation();
        this.seed = settings.seed();
        this.inputDropout = NoiseKey.of(seed, Purpose.INPUT_DROPOUT).at(learner);
        this.dropped = (int) Math.round(regularisation.inputDropout() * (1 << BITS));
        this.scale = (float) ((1 << BITS) / (double) ((1 << BITS) - dropped));
        this.labelNoise = NoiseKey.of(seed, Purpose.LABEL_NOISE).at(learner);
        this.images = new float[settings.batchSize() * table.width()];
        this.classes = new int[settings.batchSize()];
        this.dropoutSeeds = new long[settings.batchSize()];
    }

    /** Draws seeds of dropout masks, too; block 0 is the baseline. */
    RowBatch withDropout(int block) {
        dropoutKey = NoiseKey.of(seed, Purpose.DROPOUT).at(block);
        return this;
    }

    /** Draws {@link Batch#noise}, too. */
    RowBatch withNoise(NoiseKey key) {
        noiseKey = key;
        noise = new double[classes.length * labels.width()];
        return this;
    }

    /** Rounds noise to float32, as objectives do that train label embeddings or go through continuous time. */
    RowBatch roundingNoise() {
        rounding = true;
        return this;
    }

    /** Draws {@link Batch#endNoise}, too. */
    RowBatch withEndNoise(NoiseKey key) {
        endNoiseKey = key;
        endNoise = new double[classes.length * labels.width()];
        return this;
    }

    /** Draws {@link Batch#times} uniformly in an interval, too. */
    RowBatch withTimes(NoiseKey key, TimeIntervals.Interval within) {
        timeKey = key;
        times = new double[classes.length];
        interval = within;
        return this;
    }

    /**
     * The rows {@code order[from]} … {@code order[from + count - 1]} as an epoch sees them; an order from its beginning on.
     */
    Batch draw(int epoch, int[] order, int from, int count) {
        if (from == 0) {
            table.visit(order);
        }
        int width = table.width();
        for (int i = 0; i < count; i++) {
            int row = order[from + i];
            long id = table.id(row);
            classes[i] = label(epoch, id, table.label(row));
            table.copyRow(row, images, i * width);
            dropInputs(epoch, id, i * width, width);
            dropoutSeeds[i] = dropoutKey.at(epoch).at(id).state();
            gaussian(noiseKey, epoch, id, noise, i);
            gaussian(endNoiseKey, epoch, id, endNoise, i);
            if (timeKey != null) {
                times[i] = interval.at(timeKey.at(epoch).at(id).generator().nextDouble());
            }
        }
        return new Batch(count, images, classes, times, noise, endNoise, dropoutSeeds);
    }

    private void gaussian(NoiseKey key, int epoch, long id, double[] into, int row) {
        if (key == null) {
            return;
        }
        SplittableRandom random = key.at(epoch).at(id).generator();
        int width = labels.width();
        for (int i = row * width; i < (row + 1) * width; i++) {
            double drawn = random.nextGaussian();
            into[i] = rounding ? (float) drawn : drawn;
        }
    }

    /**
     * Label noise: now and then a row has a label drawn at random, for one epoch, and is noised and compared as a row of that
     * class. In the mean this is label smoothing.
     */
    private int label(int epoch, long id, int label) {
        if (regularisation.labelNoise() == 0) {
            return label;
        }
        SplittableRandom random = labelNoise.at(epoch).at(id).generator();
        return random.nextDouble() < regularisation.labelNoise() ? random.nextInt(labels.classes()) : label;
    }

    /** Drops components of a row's image embedding, to a 65536th, and scales the others up, so that their mean stays. */
    private void dropInputs(int epoch, long id, int from, int width) {
        if (dropped == 0) {
            return;
        }
        SplittableRandom random = inputDropout.at(epoch).at(id).generator();
        long bits = 0;
        for (int i = 0; i < width; i++) {
            if (i % (Long.SIZE / BITS) == 0) {
                bits = random.nextLong();
            }
            images[from + i] *= (bits & 0xffff) < dropped ? 0 : scale;
            bits >>>= BITS;
        }
    }
}

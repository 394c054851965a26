package org.noprop.training;

import java.util.Map;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BaselineBatch;
import org.noprop.network.BaselineNetwork;
import org.noprop.tensor.Trainable;

/** The baseline: all blocks end to end by back-propagation under cross-entropy (Equations 17-19). */
public final class BaselineLearner implements Learner {
    private static final int NUMBER = -1;
    /** ᾱ of pure noise: the baseline starts from z_0 ~ N(0, I), which no label enters. */
    private static final double PURE_NOISE = 0;

    private final BaselineNetwork network;
    private final RowBatch batch;
    private final NoisedLabels start;
    private final DropoutSeeds dropoutSeeds;
    private final ValidationPass validation;
    private final int microBatches;

    /**
     * A learner of {@code network}.
     *
     * @param network the baseline, built for these rows and labels
     * @param labels label embeddings
     * @param rows the rows
     * @param plan batch size, seed, micro-batches
     */
    public BaselineLearner(BaselineNetwork network, LabelEmbedding labels, TrainingRows rows, BaselinePlan plan) {
        TrainingSettings settings = plan.settings();
        NoiseKey key = NoiseKey.of(settings.seed(), Purpose.BASELINE_START);
        this.network = network;
        this.microBatches = plan.microBatches();
        this.batch = new RowBatch(rows.training(), labels.classes(), settings, NUMBER);
        this.start = new NoisedLabels(PURE_NOISE, key, labels, settings.batchSize());
        this.dropoutSeeds = new DropoutSeeds(settings.seed(), 0, settings.batchSize());
        this.validation = new ValidationPass(rows.validation(), labels, settings.seed());
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public Trainable subject() {
        return network;
    }

    @Override
    public double step(int epoch, int[] rows, int from, int count) {
        batch.gather(epoch, rows, from, count);
        for (int i = 0; i < count; i++) {
            start.draw(epoch, batch.id(i), batch.labels()[i], i);
            dropoutSeeds.draw(epoch, batch.id(i), i);
        }
        return network.trainStep(
                new BaselineBatch(count, batch.images(), start.values(), batch.labels(), dropoutSeeds.values()),
                microBatches);
    }

    @Override
    public String lossName() {
        return ArtifactFigures.CROSS_ENTROPY;
    }

    @Override
    public Map<String, Double> validate() {
        return validation.accuracy(network::classify);
    }
}

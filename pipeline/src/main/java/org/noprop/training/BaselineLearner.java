package org.noprop.training;

import java.util.Map;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Baseline;
import org.noprop.tensor.Trainable;

/** The baseline: all blocks end to end by back-propagation under cross-entropy (Equations 17-19), from z_0 ~ N(0, I). */
public final class BaselineLearner implements Learner {
    private static final int NUMBER = -1;

    private final Baseline network;
    private final RowBatch batch;
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
    public BaselineLearner(Baseline network, LabelEmbedding labels, TrainingRows rows, BaselinePlan plan) {
        TrainingSettings settings = plan.settings();
        this.network = network;
        this.microBatches = plan.microBatches();
        this.batch = new RowBatch(rows.training(), labels, settings, NUMBER)
                .withDropout(0)
                .withNoise(NoiseKey.of(settings.seed(), Purpose.BASELINE_START));
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
        return network.trainStep(batch.draw(epoch, rows, from, count), microBatches);
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

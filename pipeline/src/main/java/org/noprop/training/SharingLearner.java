package org.noprop.training;

import java.util.Map;
import java.util.SortedMap;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.network.LossTerms;
import org.noprop.network.SharingNetwork;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/**
 * A block that trains, beside its own weights, a copy of what all blocks have in common. Its batch brings
 * noise where another block's brings noised labels, which move with the label embeddings.
 */
abstract class SharingLearner implements Learner {
    private final SharingNetwork network;
    private final int block;
    private final RowBatch batch;
    private final NoiseKey inputKey;
    private final NoiseKey headKey;
    private final float[] inputNoise;
    private final float[] headNoise;
    private final DropoutSeeds dropoutSeeds;
    private final LossMeans means = new LossMeans();

    /**
     * A learner of {@code network}.
     *
     * @param network built for these rows and labels
     * @param block its number, 1 …
     */
    SharingLearner(SharingNetwork network, int block, TrainingRows rows, TrainingSettings settings) {
        int values = settings.batchSize() * network.shape().labelWidth();
        this.network = network;
        this.block = block;
        this.batch = new RowBatch(rows.training(), network.shape().classes(), settings, block);
        this.inputKey = NoiseKey.of(settings.seed(), Purpose.BLOCK_INPUT).at(block);
        this.headKey = NoiseKey.of(settings.seed(), Purpose.HEAD_INPUT).at(block);
        this.inputNoise = new float[values];
        this.headNoise = new float[values];
        this.dropoutSeeds = new DropoutSeeds(settings.seed(), block, settings.batchSize());
    }

    @Override
    public final int number() {
        return block;
    }

    @Override
    public final Trainable subject() {
        return network;
    }

    @Override
    public final double step(int epoch, int[] rows, int from, int count) {
        batch.gather(epoch, rows, from, count);
        int width = network.shape().labelWidth();
        for (int i = 0; i < count; i++) {
            long id = batch.id(i);
            LabelNoise.standard(inputKey.at(epoch).at(id), inputNoise, i * width, width);
            LabelNoise.standard(headKey.at(epoch).at(id), headNoise, i * width, width);
            dropoutSeeds.draw(epoch, id, i);
        }
        LossTerms terms = step(epoch, count);
        means.add(terms, count);
        return terms.error();
    }

    /** One optimiser step on the batch at hand. */
    abstract LossTerms step(int epoch, int count);

    @Override
    public final String lossName() {
        return ArtifactFigures.SQUARED_ERROR;
    }

    /** The other terms of the objective. */
    @Override
    public final Map<String, Double> epochFigures() {
        return means.takeFigures();
    }

    @Override
    public final SortedMap<String, Tensor> shared() {
        return network.shared();
    }

    @Override
    public final void loadShared(SortedMap<String, Tensor> averaged) {
        network.loadShared(averaged);
    }

    RowBatch batch() {
        return batch;
    }

    float[] inputNoise() {
        return inputNoise;
    }

    float[] headNoise() {
        return headNoise;
    }

    DropoutSeeds dropoutSeeds() {
        return dropoutSeeds;
    }
}

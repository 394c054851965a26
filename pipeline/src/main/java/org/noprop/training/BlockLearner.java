package org.noprop.training;

import java.util.Map;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BlockBatch;
import org.noprop.network.BlockNetwork;
import org.noprop.tensor.Trainable;

/**
 * Block t learning alone to denoise: it sees x and z_{t-1} ~ q(z_{t-1} | y) and has to give u_y
 * (Algorithm 1 and the block term of Equation 8 of arXiv 2503.24322v2). The head and every other block
 * are absent.
 */
public final class BlockLearner implements Learner {
    private final BlockNetwork network;
    private final BlockSettings block;
    private final RowBatch batch;
    private final NoisedLabels noisedLabels;
    private final DropoutSeeds dropoutSeeds;
    private final ValidationPass validation;
    private final float[] validationOutput;

    /**
     * A learner of {@code network}.
     *
     * @param network the block, built for these rows and labels
     * @param block which block it is
     * @param labels label embeddings
     * @param rows the rows
     * @param settings batch size and seed
     */
    public BlockLearner(
            BlockNetwork network,
            BlockSettings block,
            LabelEmbedding labels,
            TrainingRows rows,
            TrainingSettings settings) {
        NoiseKey key = NoiseKey.of(settings.seed(), Purpose.BLOCK_INPUT).at(block.step());
        this.network = network;
        this.block = block;
        this.batch = new RowBatch(rows.training(), labels.classes(), settings, block.step());
        this.noisedLabels = new NoisedLabels(block.inputAlphaBar(), key, labels, settings.batchSize());
        this.dropoutSeeds = new DropoutSeeds(settings.seed(), block.step(), settings.batchSize());
        this.validation = new ValidationPass(rows.validation(), labels, settings.seed());
        this.validationOutput = new float[ValidationPass.BATCH * labels.width()];
    }

    @Override
    public int number() {
        return block.step();
    }

    @Override
    public Trainable subject() {
        return network;
    }

    @Override
    public double step(int epoch, int[] rows, int from, int count) {
        batch.gather(epoch, rows, from, count);
        for (int i = 0; i < count; i++) {
            noisedLabels.draw(epoch, batch.id(i), batch.labels()[i], i);
            dropoutSeeds.draw(epoch, batch.id(i), i);
        }
        BlockBatch noised =
                new BlockBatch(count, batch.images(), noisedLabels.values(), batch.labels(), dropoutSeeds.values());
        return network.trainStep(noised, block.lossWeight());
    }

    @Override
    public String lossName() {
        return ArtifactFigures.SQUARED_ERROR;
    }

    @Override
    public Map<String, Double> validate() {
        return validation.accuracy((count, images, noise, probabilities) -> {
            float[] features = new float[count * network.featureWidth()];
            network.encodeImages(count, images, features);
            network.denoise(count, features, noise, validationOutput, probabilities);
        });
    }
}

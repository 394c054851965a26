package org.noprop.training;

import java.util.Map;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.TimeInterval;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.LossTerms;
import org.noprop.network.TimeBatch;
import org.noprop.network.TimeBlock;

/**
 * A block of NoProp-CT or NoProp-FM learning its interval of [0, 1]: t is drawn for each row and epoch,
 * uniformly in the interval with its overlap.
 */
public final class TimeBlockLearner extends SharingLearner {
    private final TimeBlock network;
    private final TimeInterval interval;
    private final double start;
    private final double weight;
    private final NoiseKey timeKey;
    private final double[] times;
    private final ValidationPass validation;
    private final float[] validationOutput;

    /**
     * A learner of {@code network}.
     *
     * @param network the block, built for these rows and labels
     * @param block which of the intervals is its, 1 … B
     * @param intervals all of them
     * @param labels label embeddings, of which only the size counts here
     * @param rows the rows
     * @param settings batch size and seed
     */
    public TimeBlockLearner(
            TimeBlock network,
            int block,
            TimeIntervals intervals,
            LabelEmbedding labels,
            TrainingRows rows,
            TrainingSettings settings) {
        super(network, block, rows, settings);
        this.network = network;
        this.interval = intervals.training(block);
        this.start = intervals.interval(block).from();
        this.weight = intervals.weight(block);
        this.timeKey = NoiseKey.of(settings.seed(), Purpose.BLOCK_TIME).at(block);
        this.times = new double[settings.batchSize()];
        this.validation = new ValidationPass(rows.validation(), labels, settings.seed());
        this.validationOutput = new float[ValidationPass.BATCH * labels.width()];
    }

    @Override
    LossTerms step(int epoch, int count) {
        for (int i = 0; i < count; i++) {
            NoiseKey key = timeKey.at(epoch).at(batch().id(i));
            times[i] = interval.at(key.generator().nextDouble());
        }
        TimeBatch noised = new TimeBatch(
                count,
                batch().images(),
                times,
                inputNoise(),
                headNoise(),
                batch().labels(),
                dropoutSeeds().values());
        return network.trainStep(noised, weight);
    }

    /** What the block says of pure noise where its interval begins. */
    @Override
    public Map<String, Double> validate() {
        return validation.accuracy((count, images, noise, probabilities) -> {
            float[] features = new float[count * network.featureWidth()];
            network.encodeImages(count, images, features);
            network.estimate(count, features, noise, start, validationOutput, probabilities);
        });
    }
}

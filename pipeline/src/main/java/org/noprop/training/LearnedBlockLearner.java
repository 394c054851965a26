package org.noprop.training;

import java.util.Map;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.LearnedBlock;
import org.noprop.network.LossTerms;
import org.noprop.network.NoiseBatch;

/**
 * Block t of NoProp-DT with trained label embeddings: a step is Algorithm 1 of arXiv 2503.24322v2, which moves
 * θ_t, θ_out and W_Embed on all of Equation 8.
 */
public final class LearnedBlockLearner extends SharingLearner {
    private final LearnedBlock network;
    private final ValidationPass validation;
    private final float[] validationOutput;

    /**
     * A learner of {@code network}.
     *
     * @param network the block, built for these rows and labels and its step
     * @param step t
     * @param labels label embeddings, of which only the size counts here
     * @param rows the rows
     * @param settings batch size and seed
     */
    public LearnedBlockLearner(
            LearnedBlock network, int step, LabelEmbedding labels, TrainingRows rows, TrainingSettings settings) {
        super(network, step, rows, settings);
        this.network = network;
        this.validation = new ValidationPass(rows.validation(), labels, settings.seed());
        this.validationOutput = new float[ValidationPass.BATCH * labels.width()];
    }

    @Override
    LossTerms step(int epoch, int count) {
        return network.trainStep(new NoiseBatch(
                count,
                batch().images(),
                inputNoise(),
                headNoise(),
                batch().labels(),
                dropoutSeeds().values()));
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

package org.noprop.training;

import java.util.Map;
import org.noprop.data.EmbeddingRows;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.Head;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Trainable;

/**
 * The head learning to read the class from z_T ~ q(z_T | y), the first term of Equation 8. It sees no
 * image: with fixed label embeddings it depends on no block.
 */
public final class HeadLearner implements Learner {
    private static final int NUMBER = 0;

    private final Head head;
    private final EmbeddingRows training;
    private final LabelEmbedding labels;
    private final double alphaBar;
    private final NoiseKey key;
    private final float[] z;
    private final int[] classes;

    /**
     * A learner of {@code head}.
     *
     * @param head the head, built for these labels
     * @param labels label embeddings
     * @param schedule gives ᾱ_T
     * @param training the rows, of which only ids and labels count
     * @param settings batch size and seed
     */
    public HeadLearner(
            Head head,
            LabelEmbedding labels,
            NoiseSchedule schedule,
            EmbeddingRows training,
            TrainingSettings settings) {
        this.head = head;
        this.training = training;
        this.labels = labels;
        this.alphaBar = schedule.alphaBar(schedule.steps());
        this.key = NoiseKey.of(settings.seed(), Purpose.HEAD_INPUT);
        this.z = new float[settings.batchSize() * labels.width()];
        this.classes = new int[settings.batchSize()];
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public Trainable subject() {
        return head;
    }

    @Override
    public double step(int epoch, int[] rows, int from, int count) {
        for (int i = 0; i < count; i++) {
            int row = rows[from + i];
            classes[i] = training.label(row);
            NoiseKey drawn = key.at(epoch).at(training.id(row));
            LabelNoise.draw(alphaBar, labels.vector(classes[i]), drawn, z, i * labels.width());
        }
        return head.trainStep(count, z, classes);
    }

    @Override
    public String lossName() {
        return ArtifactFigures.CROSS_ENTROPY;
    }

    @Override
    public Map<String, Double> validate() {
        return Map.of();
    }
}

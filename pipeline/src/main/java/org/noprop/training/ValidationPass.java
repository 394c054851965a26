package org.noprop.training;

import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.noprop.data.EmbeddingRows;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.label.LabelEmbedding;

/**
 * Accuracy on held-out rows, always from z ~ N(0, I): given a noised label, a late block would read the
 * answer off its input and score near 100 %.
 */
final class ValidationPass {
    static final int BATCH = 1000;

    private final Optional<EmbeddingRows> rows;
    private final LabelEmbedding labels;
    private final NoiseKey noise;

    /** Class probabilities of {@code count} rows from image embeddings and pure noise. */
    interface Classifier {
        void classify(int count, float[] images, float[] noise, float[] probabilities);
    }

    ValidationPass(Optional<EmbeddingRows> rows, LabelEmbedding labels, long seed) {
        this.rows = rows;
        this.labels = labels;
        this.noise = NoiseKey.of(seed, Purpose.CHAIN_START);
    }

    /** The share of rows whose most probable class is theirs; empty without rows. */
    Map<String, Double> accuracy(Classifier classifier) {
        return rows.filter(table -> table.rows() > 0)
                .map(table -> Map.of(ArtifactFigures.VALIDATION_ACCURACY, accuracyOn(table, classifier)))
                .orElse(Map.of());
    }

    private double accuracyOn(EmbeddingRows table, Classifier classifier) {
        float[] images = new float[BATCH * table.width()];
        float[] z = new float[BATCH * labels.width()];
        float[] probabilities = new float[BATCH * labels.classes()];
        int right = 0;
        table.visit(IntStream.range(0, table.rows()).toArray());
        for (int from = 0; from < table.rows(); from += BATCH) {
            int count = Math.min(BATCH, table.rows() - from);
            for (int i = 0; i < count; i++) {
                table.copyRow(from + i, images, i * table.width());
                LabelNoise.standard(noise.at(table.id(from + i)), z, i * labels.width(), labels.width());
            }
            classifier.classify(count, images, z, probabilities);
            right += countRight(table, from, count, probabilities);
        }
        return right / (double) table.rows();
    }

    private int countRight(EmbeddingRows table, int from, int count, float[] probabilities) {
        int right = 0;
        for (int i = 0; i < count; i++) {
            int best = 0;
            for (int label = 1; label < labels.classes(); label++) {
                if (probabilities[i * labels.classes() + label] > probabilities[i * labels.classes() + best]) {
                    best = label;
                }
            }
            if (best == table.label(from + i)) {
                right++;
            }
        }
        return right;
    }
}

package org.noprop.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearnedEmbeddingTest {

    @Test
    void whereTheWidthAllowsItVectorsStartOrthonormal() {
        LearnedEmbedding labels = LearnedEmbedding.initial(10, 20, 3);
        for (int first = 0; first < 10; first++) {
            for (int second = 0; second < 10; second++) {
                assertThat(product(labels.vector(first), labels.vector(second)))
                        .isCloseTo(first == second ? 1 : 0, within(1e-6));
            }
        }
    }

    @Test
    void asManyVectorsAsComponentsAreOrthonormalToo() {
        LearnedEmbedding labels = LearnedEmbedding.initial(20, 20, 3);
        assertThat(product(labels.vector(0), labels.vector(19))).isCloseTo(0, within(1e-6));
    }

    @Test
    void otherwiseTheyAreOfLengthOneInRandomDirections() {
        LearnedEmbedding labels = LearnedEmbedding.initial(100, 20, 3);
        double mean = 0;
        for (int label = 0; label < 100; label++) {
            assertThat(product(labels.vector(label), labels.vector(label))).isCloseTo(1, within(1e-6));
            mean += labels.vector(label)[0] / 100;
        }
        assertThat(mean).isCloseTo(0, within(4 / Math.sqrt(100 * 20)));
        assertThat(ClosestLabels.of(labels).distance()).isGreaterThan(.3);
    }

    @Test
    void theSameSeedGivesTheSameVectorsAndAnotherSeedOthers() {
        assertThat(LearnedEmbedding.initial(10, 20, 3)).isEqualTo(LearnedEmbedding.initial(10, 20, 3));
        assertThat(LearnedEmbedding.initial(10, 20, 3)).isNotEqualTo(LearnedEmbedding.initial(10, 20, 4));
    }

    @Test
    void matricesComeInAndOutAsCopies() {
        float[] matrix = {1, 0, 0, 1};
        LearnedEmbedding labels = new LearnedEmbedding(2, 2, matrix);
        matrix[0] = 9;
        labels.matrix()[0] = 9;
        assertThat(labels.vector(0)).containsExactly(1, 0);
        assertThat(labels.withMatrix(3, 4, 5, 6).vector(1)).containsExactly(5, 6);
    }

    @Test
    void aPrototypeIsNotALearnedEmbeddingOfTheSameMatrix() {
        PrototypeEmbedding trained = new PrototypeEmbedding(2, 2, true, 1, 0, 0, 1);
        assertThat(trained)
                .isNotEqualTo(new LearnedEmbedding(2, 2, 1, 0, 0, 1))
                .isNotEqualTo(new PrototypeEmbedding(2, 2, false, 1, 0, 0, 1))
                .isEqualTo(trained.withMatrix(1, 0, 0, 1))
                .hasToString("PrototypeEmbedding[classes=2, width=2, trainable=true]");
    }

    @Test
    void aMatrixOfAnotherSizeIsRefused() {
        assertThatThrownBy(() -> new LearnedEmbedding(2, 3, 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Label embeddings of 2 classes and 3 components have 6 values, not 3");
        assertThatThrownBy(() -> new LearnedEmbedding(1, 3, 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Label embeddings need at least 2 classes and 1 component, got 1 classes and 3 components");
        assertThatThrownBy(() -> new OneHotEmbedding(2).withMatrix(1, 2, 3, 4))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("OneHotEmbedding[classes=2] has one matrix only");
    }

    @Test
    void theClosestLabelsAreThoseAtTheSmallestDistance() {
        LearnedEmbedding labels = new LearnedEmbedding(4, 2, 0, 0, 3, 4, 0, 1, 3, 3.5f);
        assertThat(ClosestLabels.of(labels)).isEqualTo(new ClosestLabels(1, 3, .5));
        assertThat(ClosestLabels.of(new OneHotEmbedding(3))).isEqualTo(new ClosestLabels(0, 1, Math.sqrt(2)));
    }

    @Test
    void vectorsThatAreNotNumbersCountAsClosest() {
        LearnedEmbedding labels = new LearnedEmbedding(3, 1, 0, 1, Float.NaN);
        assertThat(ClosestLabels.of(labels).distance()).isNaN();
    }

    @Test
    void theNearestLabelEmbeddingIsTheMostProbable() {
        NearestEmbedding reader = new NearestEmbedding(new LearnedEmbedding(2, 2, 0, 0, 2, 0));
        float[] probabilities = new float[4];
        reader.probabilities(2, new float[] {1, 5, 1.5f, -1}, probabilities);
        double odds = Math.exp((2.25 - .25) / 2);
        assertThat(probabilities)
                .containsExactly(
                        new float[] {.5f, .5f, (float) (1 / (1 + odds)), (float) (odds / (1 + odds))}, within(1e-6f));
    }

    @Test
    void veryFarFromEveryLabelEmbeddingTheNearestIsStillRead() {
        NearestEmbedding reader = new NearestEmbedding(new OneHotEmbedding(3));
        float[] probabilities = new float[3];
        reader.probabilities(1, new float[] {0, 1e4f, 0}, probabilities);
        assertThat(probabilities).containsExactly(0, 1, 0);
    }

    private static double product(float[] first, float[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (double) first[i] * second[i];
        }
        return sum;
    }
}

package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.NativeBackend;

class PatchEmbedderTest {
    static {
        NativeBackend.load();
    }

    private static final int IMAGES = 150;

    private final SplittableRandom random = new SplittableRandom(11);
    private final List<byte[]> images = new ArrayList<>();

    PatchEmbedderTest() {
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = new byte[8 * 8];
            random.nextBytes(image);
            images.add(image);
        }
    }

    @Test
    void featuresAreStandardisedOverTheImagesOfTheFit() {
        PatchEmbedder embedder = fitted(0);
        assertThat(embedder.shape()).containsExactly(4 * 2 * 6);
        assertMoments(embed(embedder, images), 1e-3);
    }

    @Test
    void componentsAreWhiteOverTheImagesOfTheFit() {
        PatchEmbedder embedder = fitted(5);
        assertThat(embedder.width()).isEqualTo(5);
        List<float[]> embeddings = embed(embedder, images);
        assertMoments(embeddings, 1e-3);
        double inner = 0;
        for (float[] embedding : embeddings) {
            inner += embedding[0] * embedding[1] / IMAGES;
        }
        assertThat(inner).isCloseTo(0, within(1e-3));
    }

    private static void assertMoments(List<float[]> embeddings, double tolerance) {
        for (int i = 0; i < embeddings.get(0).length; i++) {
            double sum = 0;
            double squares = 0;
            for (float[] embedding : embeddings) {
                sum += embedding[i] / IMAGES;
                squares += embedding[i] * embedding[i] / IMAGES;
            }
            assertThat(sum).isCloseTo(0, within(tolerance));
            assertThat(squares).isCloseTo(1, within(tolerance));
        }
    }

    @Test
    void whatIsStoredEmbedsToTheSameBits() {
        for (int reduction : new int[] {0, 5}) {
            PatchEmbedder embedder = fitted(reduction);
            PatchEmbedder stored = PatchEmbedder.of(embedder.description(), embedder.tensors(), "model");
            assertThat(embed(stored, images)).containsExactlyElementsOf(embed(embedder, images));
            assertThat(stored.description()).isEqualTo(embedder.description());
        }
    }

    @Test
    void anImagesEmbeddingDoesNotDependOnItsCompany() {
        PatchEmbedder embedder = fitted(5);
        List<float[]> together = embed(embedder, images);
        assertThat(embed(embedder, images.subList(70, 71)).get(0)).isEqualTo(together.get(70));
        assertThat(embed(embedder, images.subList(1, 80)).get(69)).isEqualTo(together.get(70));
    }

    @Test
    void itsDescriptionIsJsonWithWhatItDoes() {
        assertThat(fitted(5).description())
                .isEqualTo("{\"kind\":\"patches\",\"height\":8,\"width\":8,\"channels\":1,\"size\":3,\"stride\":1,"
                        + "\"contrast\":10.0,\"unit-length\":true,\"threshold\":0.1,\"pooling\":2,"
                        + "\"square-root\":false,\"mirror\":false,\"count\":6,\"k-means-rounds\":2,\"sample\":600,\"whitening\":0.1,"
                        + "\"rows\":150,\"reduction\":5,\"regulariser\":0.0,\"seed\":1}");
    }

    @Test
    void tooFewPatchesAreRefused() {
        PatchDescription description = description(0);
        assertThatThrownBy(() -> WhitenedSample.of(description, List.of(new float[9 * 5])))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The training images gave 5 patches that are not flat where"
                        + " noprop.embedding.patches.count = 6 are needed; raise noprop.embedding.patches.sample");
    }

    private PatchEmbedder fitted(int reduction) {
        PatchDescription description = description(reduction);
        PatchSampler sampler = new PatchSampler(description.grid(), 10, 4, 1);
        List<float[]> sample = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            sample.add(sampler.draw(i, images.get(i)));
        }
        PatchFeatures features = new PatchFeatures(
                description, WhitenedSample.of(description, sample).random(6, 1));
        try (PatchEncoder encoder = features.open();
                FeatureMapFit fit = features.mapFit(IMAGES)) {
            float[] values = new float[encoder.width()];
            for (byte[] image : images) {
                encoder.encode(image, values);
                fit.add(values);
            }
            return features.embedder(fit);
        }
    }

    private static PatchDescription description(int reduction) {
        return PatchDescription.of(
                8,
                8,
                1,
                new PatchSettings(3, 1, 10, true, new ThresholdEncoding(0.1f), 2, false, false),
                new PatchFit(600, 0.1, 6, 2, IMAGES, reduction, 0, 1));
    }

    private static List<float[]> embed(ImageEmbedder embedder, List<byte[]> images) {
        try (ImageEmbedder.Session session = embedder.open()) {
            return session.embed(images);
        }
    }
}

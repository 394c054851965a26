package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PixelEmbedderTest {
    private static final int IMAGES = 40;

    private final SplittableRandom random = new SplittableRandom(9);

    @Test
    void theTrainingImagesAreStandardisedPerChannel() {
        byte[][] images = randomImages(5, 4, 3);
        PixelEmbedder embedder = new PixelEmbedder(5, 4, statistics(3, images));
        for (int channel = 0; channel < 3; channel++) {
            double sum = 0;
            double squares = 0;
            for (byte[] image : images) {
                float[] embedding = embedder.embed(image);
                for (int i = channel; i < embedding.length; i += 3) {
                    sum += embedding[i];
                    squares += (double) embedding[i] * embedding[i];
                }
            }
            int pixels = IMAGES * 20;
            assertThat(sum / pixels).isCloseTo(0, within(1e-6));
            assertThat(squares / pixels).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void eachComponentIsThatOfItsPixelAndChannel() {
        byte[][] images = randomImages(2, 3, 2);
        PixelStatistics statistics = statistics(2, images);
        float[] embedding = new PixelEmbedder(2, 3, statistics).embed(images[7]);
        assertThat(embedding).hasSize(12);
        for (int i = 0; i < 12; i++) {
            double expected =
                    (Byte.toUnsignedInt(images[7][i]) / 255.0 - statistics.mean(i % 2)) / statistics.deviation(i % 2);
            assertThat(embedding[i]).isCloseTo((float) expected, within(1e-6f));
        }
    }

    @Test
    void mergedStatisticsEqualThoseOfAllImagesInAnyOrder() {
        byte[][] images = randomImages(3, 3, 3);
        PixelStatistics all = statistics(3, images);
        PixelStatistics odd = new PixelStatistics(3);
        PixelStatistics even = new PixelStatistics(3);
        for (int i = IMAGES - 1; i >= 0; i--) {
            (i % 2 == 0 ? even : odd).add(images[i]);
        }
        odd.merge(even);
        for (int channel = 0; channel < 3; channel++) {
            assertThat(odd.mean(channel)).isEqualTo(all.mean(channel));
            assertThat(odd.deviation(channel)).isEqualTo(all.deviation(channel));
        }
    }

    @Test
    void aChannelOfOneValueBecomesZero() {
        PixelStatistics statistics = new PixelStatistics(1).add(new byte[] {(byte) 200, (byte) 200});
        assertThat(new PixelEmbedder(1, 2, statistics).embed(new byte[] {(byte) 200, (byte) 200}))
                .containsExactly(0, 0);
    }

    @Test
    void itsDescriptionIsJsonWithTheFigures() {
        PixelStatistics statistics = new PixelStatistics(1).add(new byte[] {0, (byte) 255});
        PixelEmbedder embedder = new PixelEmbedder(1, 2, statistics);
        assertThat(embedder.description()).isEqualTo("{\"kind\":\"pixels\",\"mean\":[0.5],\"deviation\":[0.5]}");
        assertThat(embedder.shape()).containsExactly(1, 2, 1);
        assertThat(embedder.width()).isEqualTo(2);
    }

    @Test
    void anImageOfAnotherSizeIsRefused() {
        PixelEmbedder embedder = new PixelEmbedder(2, 2, new PixelStatistics(1));
        assertThatThrownBy(() -> embedder.embed(new byte[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An image of 5 bytes where 4 belong");
    }

    private byte[][] randomImages(int height, int width, int channels) {
        byte[][] images = new byte[IMAGES][height * width * channels];
        for (byte[] image : images) {
            random.nextBytes(image);
        }
        return images;
    }

    private static PixelStatistics statistics(int channels, byte[][] images) {
        PixelStatistics statistics = new PixelStatistics(channels);
        for (byte[] image : images) {
            statistics.add(image);
        }
        return statistics;
    }
}

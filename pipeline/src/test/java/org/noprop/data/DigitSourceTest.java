package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.noprop.data.ImageSource.Part;

class DigitSourceTest {
    private static final int PIXELS = 28 * 28;

    private final DigitSource source = new DigitSource(60_000, 10_000, 42);

    @Test
    void aDigitIsAFunctionOfSeedPartAndIndexOnly() {
        DigitSource larger = new DigitSource(1_000_000, 5, 42);
        try (ImageReader reader = larger.open(new Configuration(), Part.TRAIN)) {
            for (long index : new long[] {0, 7, 59_999}) {
                Image image = reader.read(index);
                assertThat(image.bytes())
                        .isEqualTo(source.draw(Part.TRAIN, index).bytes());
                assertThat(image.label())
                        .isEqualTo(source.draw(Part.TRAIN, index).label());
                assertThat(image.id()).isEqualTo(index);
            }
        }
        byte[] drawn = source.draw(Part.TRAIN, 3).bytes();
        assertThat(source.draw(Part.TRAIN, 4).bytes()).isNotEqualTo(drawn);
        assertThat(source.draw(Part.TEST, 3).bytes()).isNotEqualTo(drawn);
        assertThat(new DigitSource(60_000, 10_000, 43).draw(Part.TRAIN, 3).bytes())
                .isNotEqualTo(drawn);
    }

    /** The checksum is that of the first digit ever drawn: another one needs another DigitSource.VERSION. */
    @Test
    void theyAreTheSameOnEveryMachine() {
        assertThat(Checksums.sha256(source.draw(Part.TRAIN, 0).bytes()))
                .isEqualTo("01165460f061419847949ba0807e08c4a4634c9c17625d01237a7bfbf0ffa12c");
    }

    @Test
    void testDigitsHaveIdsOfTheirOwn() {
        assertThat(source.draw(Part.TEST, 3).id()).isEqualTo(1_000_000_003L);
    }

    @Test
    void allTenDigitsAreDrawnAboutEquallyOften() {
        int[] counts = new int[10];
        for (int i = 0; i < 5_000; i++) {
            counts[source.draw(Part.TRAIN, i).label()]++;
        }
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(420, 580));
    }

    @Test
    void inkFillsAPartOfThePictureAndStaysOffItsCorners() {
        double[] mean = new double[PIXELS];
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = source.draw(Part.TRAIN, i).bytes();
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                mean[pixel] += Byte.toUnsignedInt(bytes[pixel]) / 255.0 / 1_000;
            }
        }
        assertThat(Arrays.stream(mean).average().orElseThrow()).isBetween(0.08, 0.25);
        assertThat(mean[0]).isLessThan(0.05);
        assertThat(mean[13 * 28 + 14]).isGreaterThan(0.3);
    }

    @Test
    void aLinearClassifierOnFiveThousandStaysBelow95Percent() {
        double[][] weights = new double[10][PIXELS + 1];
        SplittableRandom random = new SplittableRandom(1);
        for (int step = 0; step < 12 * 5_000; step++) {
            double rate = step < 6 * 5_000 ? 0.02 : 0.004;
            learn(weights, source.draw(Part.TRAIN, random.nextInt(5_000)), rate);
        }
        int right = 0;
        for (int i = 0; i < 2_000; i++) {
            Image image = source.draw(Part.TEST, i);
            double[] p = probabilities(weights, image.bytes());
            right += p[image.label()] == Arrays.stream(p).max().orElseThrow() ? 1 : 0;
        }
        assertThat(right / 2_000.0).isBetween(0.6, 0.95);
    }

    /** A step of multinomial logistic regression by gradient descent. */
    private static void learn(double[][] weights, Image image, double rate) {
        double[] p = probabilities(weights, image.bytes());
        for (int label = 0; label < 10; label++) {
            double error = rate * ((label == image.label() ? 1 : 0) - p[label]);
            for (int i = 0; i < PIXELS; i++) {
                weights[label][i] += error * Byte.toUnsignedInt(image.bytes()[i]) / 255;
            }
            weights[label][PIXELS] += error;
        }
    }

    private static double[] probabilities(double[][] weights, byte[] bytes) {
        double[] p = new double[10];
        for (int label = 0; label < 10; label++) {
            p[label] = weights[label][PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                p[label] += weights[label][i] * Byte.toUnsignedInt(bytes[i]) / 255;
            }
        }
        double max = Arrays.stream(p).max().orElseThrow();
        double sum = Arrays.stream(p).map(x -> Math.exp(x - max)).sum();
        return Arrays.stream(p).map(x -> Math.exp(x - max) / sum).toArray();
    }
}

package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.OptimiserSettings;

/**
 * NoProp-FM where its vector field is known: labels u ~ N(m, s²) of which the image says nothing have v(z, t) =
 * E[u - z_0 | z_t = z] = m + (t s² - (1-t)) / (t² s² + (1-t)²) · (z - t m), linear in z.
 */
class FlowFieldTest {
    private static final double MEAN = .5;
    private static final double DEVIATION = .7;
    private static final int CLASSES = 64;
    private static final int ROWS = 128;

    @Test
    void trainedOnNormalLabelsABlockRecoversTheirVectorField() {
        Method method = new Method.FlowMatching(0, TimeIntervals.equalTime(1, 0));
        OptimiserSettings adam = OptimiserSettings.adam(1e-3, 0);
        try (Block block = RandomBatches.block(method, 1, ImagePart.embedding(1), normalLabels(), adam, 1)) {
            for (int step = 0; step < 800; step++) {
                block.setLearningRate(step < 550 ? 1e-3 : 1e-4);
                block.trainStep(batch(new SplittableRandom(step)));
            }
            for (double t : new double[] {.1, .4, .7, .9}) {
                assertThat(rootMeanSquareError(block, t)).as("at %s", t).isLessThan(.12);
            }
        }
    }

    /** The middles of 64 equal shares of N(m, s²), found by sorting draws. */
    private static PrototypeEmbedding normalLabels() {
        float[] draws = RandomBatches.normal(new SplittableRandom(6), 1000 * CLASSES);
        Arrays.sort(draws);
        float[] labels = new float[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            for (int i = 0; i < 1000; i++) {
                labels[k] += (float) ((MEAN + DEVIATION * draws[1000 * k + i]) / 1000);
            }
        }
        return new PrototypeEmbedding(CLASSES, 1, false, labels);
    }

    private static Batch batch(SplittableRandom random) {
        double[] times = random.doubles(ROWS).toArray();
        double[] noise = RandomBatches.doubles(RandomBatches.normal(random, ROWS));
        int[] labels = random.ints(ROWS, 0, CLASSES).toArray();
        return new Batch(ROWS, new float[ROWS], labels, times, noise, new double[0], new long[0]);
    }

    /** Over z from the marginal at t. */
    private static double rootMeanSquareError(Block block, double t) {
        double deviation = Math.sqrt(t * t * DEVIATION * DEVIATION + (1 - t) * (1 - t));
        float[] z = RandomBatches.normal(new SplittableRandom(7), ROWS);
        for (int i = 0; i < ROWS; i++) {
            z[i] = (float) (t * MEAN + deviation * z[i]);
        }
        float[] features = new float[ROWS * block.featureWidth()];
        float[] velocity = new float[ROWS];
        block.encodeImages(ROWS, new float[ROWS], features);
        block.estimate(ROWS, features, z, t, velocity, null);
        double square = 0;
        for (int i = 0; i < ROWS; i++) {
            double gain = (t * DEVIATION * DEVIATION - (1 - t)) / (deviation * deviation);
            double difference = velocity[i] - (MEAN + gain * (z[i] - t * MEAN));
            square += difference * difference / ROWS;
        }
        return Math.sqrt(square);
    }
}

package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.network.NetworkShape;

class BaselineModelTest {
    private static final int CLASSES = 3;
    private final BaselineModel model =
            new BaselineModel(new NetworkShape(CLASSES, CLASSES, CLASSES), BaselineModelTest::sum);
    private final GaussianImages images = GaussianImages.of(100, CLASSES, 0.3, 1);

    @Test
    void eachRunStartsFromTheNoiseOfItsSeedRunAndRowId() {
        List<ClassProbabilities> runs = model.runs(images, new InferenceSettings(4, 1, 2, 32));
        assertThat(runs).hasSize(2);
        float[] expected = new float[CLASSES];
        float[] x = new float[CLASSES];
        for (int run = 0; run < 2; run++) {
            for (int row = 0; row < images.rows(); row++) {
                NoiseKey key = NoiseKey.of(4, Purpose.BASELINE_START).at(run).at(images.id(row));
                LabelNoise.standard(key, expected, 0, CLASSES);
                images.copyRow(row, x, 0);
                for (int k = 0; k < CLASSES; k++) {
                    assertThat(runs.get(run).values()[row * CLASSES + k]).isEqualTo(x[k] + expected[k]);
                }
            }
        }
    }

    @Test
    void theBatchSizeChangesNothing() {
        float[] large =
                model.runs(images, new InferenceSettings(4, 1, 1, 1000)).get(0).values();
        float[] small =
                model.runs(images, new InferenceSettings(4, 1, 1, 7)).get(0).values();
        assertThat(small).containsExactly(large);
    }

    @Test
    void imagesOfAnotherWidthAreRefused() {
        GaussianImages wide = GaussianImages.of(4, 7, 0.3, 1);
        assertThatThrownBy(() -> model.runs(wide, new InferenceSettings(4, 1, 1, 7)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The image embeddings have 7 components where the baseline was trained on 3: use the"
                        + " embeddings of the model's own run, or train the baseline again");
    }

    /** Says x + z_0, so that what it was given can be seen. */
    private static void sum(int rows, float[] images, float[] start, float[] probabilities) {
        for (int i = 0; i < rows * CLASSES; i++) {
            probabilities[i] = images[i] + start[i];
        }
    }
}

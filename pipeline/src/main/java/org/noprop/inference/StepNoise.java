package org.noprop.inference;

import java.util.Optional;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;

/**
 * ε of the steps of a run: a function of the seed, the run, the step and the row's id.
 *
 * @param key of the run's steps, or none where no step has noise
 * @param scale what ε is multiplied by, in (0, 1]
 */
record StepNoise(Optional<NoiseKey> key, float scale) {
    /** No noise at any step. */
    static final StepNoise NONE = new StepNoise(Optional.empty(), 0);

    /** The noise of a run. */
    static StepNoise of(InferenceSettings settings, int run) {
        if (settings.noise() == 0) {
            return NONE;
        }
        NoiseKey key = NoiseKey.of(settings.seed(), NoiseKey.Purpose.CHAIN_STEP).at(run);
        return new StepNoise(Optional.of(key), (float) settings.noise());
    }

    /** Draws ε of a step for a chunk's rows, into an array of the chunk; null where there is none. */
    float[] draw(int step, Chunk chunk, int labelWidth) {
        if (key.isEmpty()) {
            return null;
        }
        NoiseKey drawn = key.get().at(step);
        float[] noise = chunk.noise();
        for (int row = 0; row < chunk.rows(); row++) {
            LabelNoise.standard(drawn.at(chunk.id(row)), noise, row * labelWidth, labelWidth);
        }
        for (int i = 0; i < chunk.rows() * labelWidth && scale != 1; i++) {
            noise[i] *= scale;
        }
        return noise;
    }
}

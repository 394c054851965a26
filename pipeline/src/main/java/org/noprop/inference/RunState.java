package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.SamplingChain;

/** One run of the chain under way: z of all rows, and the classes predicted so far. */
final class RunState {
    private enum Kind {
        NOISY,
        WITHOUT_NOISE,
        BLOCKS_ALONE
    }

    private final Kind kind;
    private final int rows;
    private final int labelWidth;
    private final float[] z;
    private final NoiseKey stepNoise;
    private final List<int[]> predictions = new ArrayList<>();

    private RunState(Kind kind, ImageRows images, int labelWidth, long seed, int run) {
        this.kind = kind;
        this.rows = images.rows();
        this.labelWidth = labelWidth;
        this.z = new float[rows * labelWidth];
        this.stepNoise = NoiseKey.of(seed, NoiseKey.Purpose.CHAIN_STEP).at(run);
        if (kind != Kind.WITHOUT_NOISE) {
            NoiseKey start = NoiseKey.of(seed, NoiseKey.Purpose.CHAIN_START).at(run);
            for (int row = 0; row < rows; row++) {
                LabelNoise.standard(start.at(images.id(row)), z, row * labelWidth, labelWidth);
            }
        }
    }

    /** The run of this number with fresh noise at the start and at each step. */
    static RunState noisy(ImageRows images, int labelWidth, long seed, int run) {
        return new RunState(Kind.NOISY, images, labelWidth, seed, run);
    }

    /** The run in which every draw, z_0 and each ε, is replaced by its mean, 0. */
    static RunState withoutNoise(ImageRows images, int labelWidth) {
        return new RunState(Kind.WITHOUT_NOISE, images, labelWidth, 0, 0);
    }

    /** No chain at all: every block gets the z_0 of the noisy run of this number. */
    static RunState blocksAlone(ImageRows images, int labelWidth, long seed, int run) {
        return new RunState(Kind.BLOCKS_ALONE, images, labelWidth, seed, run);
    }

    /** Makes room for the predictions of the next block. */
    void beginBlock() {
        predictions.add(new int[rows]);
    }

    /** Takes a chunk's rows through block t. */
    void advance(SamplingChain chain, int t, StepChunk chunk, int classes) {
        chunk.denoise(z);
        int[] current = predictions.get(predictions.size() - 1);
        ClassProbabilities.mostProbable(chunk.probabilities(), chunk.rows(), classes, current, chunk.first());
        int length = chunk.values();
        switch (kind) {
            case NOISY -> {
                drawStepNoise(stepNoise.at(t), chunk);
                chain.step(t, chunk.output(), chunk.z(), chunk.noise(), length);
            }
            case WITHOUT_NOISE -> chain.step(t, chunk.output(), chunk.z(), null, length);
            case BLOCKS_ALONE -> {
                return;
            }
        }
        chunk.give(z);
    }

    private void drawStepNoise(NoiseKey key, Chunk chunk) {
        for (int row = 0; row < chunk.rows(); row++) {
            LabelNoise.standard(key.at(chunk.id(row)), chunk.noise(), row * labelWidth, labelWidth);
        }
    }

    /** z of all rows, rows × d, not copied. */
    float[] z() {
        return z;
    }

    /** Each row's most probable class according to each block, block 1 first. */
    List<int[]> predictions() {
        return predictions;
    }
}

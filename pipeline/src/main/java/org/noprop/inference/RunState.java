package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.SamplingChain;

/** One run of the chain under way: z of all rows, and the classes predicted so far. */
final class RunState {
    /** A block of discrete time does not ask. */
    private static final double AT_ANY_TIME = 0;

    private enum Kind {
        NOISY,
        WITHOUT_NOISE,
        BLOCKS_ALONE,
        FEWER_BLOCKS
    }

    private final Kind kind;
    private final int rows;
    private final int labelWidth;
    private final float[] z;
    private final StepNoise stepNoise;
    private final ShortChain shape;
    private final List<int[]> predictions = new ArrayList<>();
    private Optional<PathRecorder> recorder = Optional.empty();
    private int block;

    private RunState(
            Kind kind, ShortChain shape, ImageRows images, int labelWidth, long seed, StepNoise stepNoise, int run) {
        this.kind = kind;
        this.shape = shape;
        this.rows = images.rows();
        this.labelWidth = labelWidth;
        this.z = new float[rows * labelWidth];
        this.stepNoise = stepNoise;
        if (kind != Kind.WITHOUT_NOISE) {
            NoiseKey start = NoiseKey.of(seed, NoiseKey.Purpose.CHAIN_START).at(run);
            for (int row = 0; row < rows; row++) {
                LabelNoise.standard(start.at(images.id(row)), z, row * labelWidth, labelWidth);
            }
        }
    }

    /** The run of this number with fresh noise at the start and at each of T steps. */
    static RunState noisy(int steps, ImageRows images, int labelWidth, InferenceSettings settings, int run) {
        return new RunState(
                Kind.NOISY,
                ShortChain.whole(steps),
                images,
                labelWidth,
                settings.seed(),
                StepNoise.of(settings, run),
                run);
    }

    /** Run number 0 through some of the blocks. */
    static RunState fewerBlocks(ShortChain shape, ImageRows images, int labelWidth, InferenceSettings settings) {
        return new RunState(
                Kind.FEWER_BLOCKS, shape, images, labelWidth, settings.seed(), StepNoise.of(settings, 0), 0);
    }

    /** The run in which every draw, z_0 and each ε, is replaced by its mean, 0. */
    static RunState withoutNoise(int steps, ImageRows images, int labelWidth) {
        return new RunState(Kind.WITHOUT_NOISE, ShortChain.whole(steps), images, labelWidth, 0, StepNoise.NONE, 0);
    }

    /** No chain at all: every block gets the z_0 of the noisy run of this number. */
    static RunState blocksAlone(int steps, ImageRows images, int labelWidth, long seed, int run) {
        return new RunState(Kind.BLOCKS_ALONE, ShortChain.whole(steps), images, labelWidth, seed, StepNoise.NONE, run);
    }

    /** Lets the recorder look at z on its way, from now on. */
    void recordedBy(PathRecorder looking) {
        recorder = Optional.of(looking);
        looking.look(0, 0, rows, z);
    }

    /** Block t comes next; makes room for its predictions where they are kept. */
    void beginBlock(int t) {
        block = t;
        if (kind != Kind.FEWER_BLOCKS) {
            predictions.add(new int[rows]);
        }
    }

    /** Takes a chunk's rows through the block at hand, where it is used. */
    void advance(SamplingChain chain, Chunk chunk, int classes) {
        if (!shape.uses(block)) {
            return;
        }
        chunk.take(z);
        chunk.look(AT_ANY_TIME);
        if (kind != Kind.FEWER_BLOCKS) {
            int[] current = predictions.get(predictions.size() - 1);
            ClassProbabilities.mostProbable(chunk.probabilities(), chunk.rows(), classes, current, chunk.first());
        }
        if (kind != Kind.BLOCKS_ALONE) {
            step(chain, chunk);
        }
    }

    private void step(SamplingChain chain, Chunk chunk) {
        float[] noise = stepNoise.draw(block, chunk, labelWidth);
        chain.step(block, shape.reached(block), chunk.output(), chunk.z(), noise, chunk.values());
        chunk.give(z);
        recorder.ifPresent(record -> record.look(block, chunk.first(), chunk.rows(), chunk.z()));
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

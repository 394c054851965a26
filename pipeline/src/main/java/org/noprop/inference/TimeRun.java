package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.TimeSampler;

/** One run through continuous time under way: z of all rows, and the classes predicted so far. */
final class TimeRun {
    private final int rows;
    private final int labelWidth;
    private final float[] z;
    private final StepNoise stepNoise;
    private final List<int[]> predictions = new ArrayList<>();
    private Optional<PathRecorder> recorder = Optional.empty();

    private TimeRun(ImageRows images, int labelWidth, StepNoise stepNoise) {
        this.rows = images.rows();
        this.labelWidth = labelWidth;
        this.z = new float[rows * labelWidth];
        this.stepNoise = stepNoise;
    }

    /** The run of this number, from fresh noise and with fresh noise at each step that draws any. */
    static TimeRun noisy(ImageRows images, int labelWidth, InferenceSettings settings, int run) {
        TimeRun noisy = new TimeRun(images, labelWidth, StepNoise.of(settings, run));
        NoiseKey start =
                NoiseKey.of(settings.seed(), NoiseKey.Purpose.CHAIN_START).at(run);
        for (int row = 0; row < noisy.rows; row++) {
            LabelNoise.standard(start.at(images.id(row)), noisy.z, row * labelWidth, labelWidth);
        }
        return noisy;
    }

    /** The run in which every draw is replaced by its mean, 0. */
    static TimeRun withoutNoise(ImageRows images, int labelWidth) {
        return new TimeRun(images, labelWidth, StepNoise.NONE);
    }

    /** Makes room for so many predictions of each row. */
    TimeRun keeping(int count) {
        while (predictions.size() < count) {
            predictions.add(new int[rows]);
        }
        return this;
    }

    /** Lets the recorder look at z on its way, from now on. */
    void recordedBy(PathRecorder looking) {
        recorder = Optional.of(looking);
        looking.look(0, 0, rows, z);
    }

    /** Takes a chunk's rows through the steps from {@code from} to {@code end - 1}. */
    void advance(TimeSampler sampler, TimeGrid grid, int from, int end, Chunk chunk, int classes) {
        chunk.take(z);
        for (int i = from; i < end; i++) {
            int checkpoint = grid.checkpointAt(i);
            if (checkpoint >= 0) {
                chunk.wantProbabilities();
            }
            float[] noise = sampler.noisy() ? stepNoise.draw(i, chunk, labelWidth) : null;
            sampler.step(chunk, grid.time(i), grid.time(i + 1), chunk.z(), noise, chunk.values());
            if (checkpoint >= 0) {
                keep(checkpoint, chunk, classes);
                recorder.ifPresent(record -> record.look(checkpoint + 1, chunk.first(), chunk.rows(), chunk.z()));
            }
        }
        chunk.give(z);
    }

    /** What the block at hand says of the run's z_0, which stays as it is, at time t. */
    void look(double time, int index, Chunk chunk, int classes) {
        chunk.take(z);
        chunk.look(time);
        keep(index, chunk, classes);
    }

    private void keep(int index, Chunk chunk, int classes) {
        int[] kept = predictions.get(index);
        ClassProbabilities.mostProbable(chunk.probabilities(), chunk.rows(), classes, kept, chunk.first());
    }

    /** z of all rows. */
    float[] z() {
        return z;
    }

    /** The predictions in their order, rows each. */
    List<int[]> predictions() {
        return predictions;
    }
}

package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.data.InvalidInputException;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.diffusion.TimeSampler;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Denoiser;
import org.noprop.network.Method;
import org.noprop.network.NetworkShape;

/**
 * A trained model of NoProp-CT or NoProp-FM: B blocks, each for an interval of [0, 1], through which z goes in
 * even steps, and what reads a class from z_1.
 *
 * <p>Noise is addressed as in {@link NoPropModel}. A block is taken from its source once, its image part is
 * computed once for an image, and z then makes all of the block's steps.
 */
public final class TimeModel implements Predictor {
    private final TimeGrid grid;
    private final TimeSampler sampler;
    private final LabelEmbedding labels;
    private final BlockSource blocks;
    private final ReaderSource reader;

    private TimeModel(
            TimeGrid grid, TimeSampler sampler, LabelEmbedding labels, BlockSource blocks, ReaderSource reader) {
        this.grid = grid;
        this.sampler = sampler;
        this.labels = labels;
        this.blocks = blocks;
        this.reader = reader;
    }

    /**
     * A model of NoProp-CT.
     *
     * @param schedule as it was trained, if it was
     * @param settings steps and sampler
     * @param labels the trained label embedding
     * @param blocks block 1 … block B
     * @param reader the head, for the same d and m
     */
    public static TimeModel of(
            Method.Continuous method,
            ContinuousSchedule schedule,
            TimeSettings settings,
            LabelEmbedding labels,
            BlockSource blocks,
            ReaderSource reader) {
        TimeGrid grid = new TimeGrid(settings.steps(), method.intervals());
        return new TimeModel(grid, settings.under(schedule), labels, blocks, reader);
    }

    /**
     * A model of NoProp-FM.
     *
     * @param settings steps and sampler
     * @param labels the trained label embedding
     * @param blocks block 1 … block B
     * @param reader what finds the nearest label embedding
     * @throws IllegalArgumentException if the sampler would draw noise
     */
    public static TimeModel of(
            Method.FlowMatching method,
            TimeSettings settings,
            LabelEmbedding labels,
            BlockSource blocks,
            ReaderSource reader) {
        TimeGrid grid = new TimeGrid(settings.steps(), method.intervals());
        return new TimeModel(grid, settings.along(TimeSampler.Flow.velocity()), labels, blocks, reader);
    }

    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public List<ClassProbabilities> runs(ImageRows images, InferenceSettings settings) {
        List<TimeRun> runs = noisyRuns(images, settings);
        passThroughBlocks(images, runs, List.of(), settings.batchSize());
        return read(images, runs);
    }

    @Override
    public ClassProbabilities predictWithoutNoise(ImageRows images, int batchSize) {
        List<TimeRun> run = List.of(TimeRun.withoutNoise(images, labels.width()).keeping(grid.checkpoints()));
        passThroughBlocks(images, run, List.of(), batchSize);
        return read(images, run).get(0);
    }

    @Override
    public ChainTrace trace(ImageRows images, InferenceSettings settings) {
        PathRecorder recorder = new PathRecorder(images, labels);
        List<TimeRun> noisy = noisyRuns(images, settings);
        noisy.get(0).recordedBy(recorder);
        TimeRun still = TimeRun.withoutNoise(images, labels.width()).keeping(grid.checkpoints());
        List<TimeRun> alone = IntStream.range(0, settings.runs())
                .mapToObj(run -> TimeRun.noisy(images, labels.width(), settings, run)
                        .keeping(intervals().count()))
                .toList();
        List<TimeRun> chains = Stream.concat(noisy.stream(), Stream.of(still)).toList();
        passThroughBlocks(images, chains, alone, settings.batchSize());
        List<ClassProbabilities> read = read(images, chains);
        List<ChainRun> runs = IntStream.range(0, chains.size())
                .mapToObj(i -> new ChainRun(read.get(i), chains.get(i).predictions()))
                .toList();
        return new ChainTrace(
                grid.checkpointNames(),
                runs.subList(0, noisy.size()),
                runs.get(noisy.size()),
                byBlock(alone),
                List.of(),
                recorder.paths(grid.momentNames()));
    }

    private TimeIntervals intervals() {
        return grid.intervals();
    }

    private List<TimeRun> noisyRuns(ImageRows images, InferenceSettings settings) {
        return IntStream.range(0, settings.runs())
                .mapToObj(run ->
                        TimeRun.noisy(images, labels.width(), settings, run).keeping(grid.checkpoints()))
                .toList();
    }

    private void passThroughBlocks(ImageRows images, List<TimeRun> chains, List<TimeRun> alone, int batchSize) {
        for (int b = 1; b <= intervals().count(); b++) {
            int number = b;
            blocks.lend(b, block -> passThrough(block, number, images, chains, alone, batchSize));
        }
    }

    private void passThrough(
            Denoiser block, int b, ImageRows images, List<TimeRun> chains, List<TimeRun> alone, int batchSize) {
        requireFitting(block.shape(), b, images);
        Chunk chunk = new Chunk(images, block, batchSize);
        for (int first = 0; first < images.rows(); first += batchSize) {
            chunk.move(first, Math.min(first + batchSize, images.rows()));
            for (TimeRun run : chains) {
                run.advance(sampler, grid, grid.firstStep(b), grid.firstStep(b + 1), chunk, classes());
            }
            for (TimeRun run : alone) {
                run.look(intervals().interval(b).from(), b - 1, chunk, classes());
            }
        }
    }

    private void requireFitting(NetworkShape shape, int b, ImageRows images) {
        if (shape.imageWidth() != images.width()) {
            throw new InvalidInputException("The image embeddings have " + images.width()
                    + " components where block " + b + " was trained on " + shape.imageWidth()
                    + ": use the embeddings of the model's own run, or train the blocks again");
        }
    }

    private List<ClassProbabilities> read(ImageRows images, List<TimeRun> runs) {
        List<ClassProbabilities> all = new ArrayList<>();
        reader.lend(head -> runs.forEach(run -> {
            float[] probabilities = new float[images.rows() * classes()];
            head.probabilities(images.rows(), run.z(), probabilities);
            all.add(new ClassProbabilities(images.rows(), classes(), probabilities));
        }));
        return all;
    }

    private List<List<int[]>> byBlock(List<TimeRun> alone) {
        return IntStream.range(0, intervals().count())
                .mapToObj(
                        b -> alone.stream().map(run -> run.predictions().get(b)).toList())
                .toList();
    }
}

package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.data.InvalidInputException;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.SamplingChain;
import org.noprop.label.ClassReader;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Denoiser;
import org.noprop.network.NetworkShape;

/**
 * A trained NoProp-DT model: T blocks in a chain (Equation 3 of arXiv 2503.24322v2) and a head on z_T.
 *
 * <p>Each run of the chain starts from z_0 ~ N(0, I) and adds fresh noise at each step. The noise is a
 * function of (seed, run, step, row id) and of nothing else, so that rows may be cut into parts in any
 * way. The run without noise replaces every draw by its mean, 0: z_0 as well as each ε. Its answer is
 * then a function of the image alone, neither of a seed nor of an id, which is what users of a
 * deterministic model ask for.
 *
 * <p>A block is taken from its source once for all rows and runs, and its image part is computed once
 * for an image. Memory grows by {@link InferenceSettings#bytesOfARow} for a row; cut very many rows into parts.
 */
public final class NoPropModel implements Predictor {
    private final SamplingChain chain;
    private final LabelEmbedding labels;
    private final BlockSource blocks;
    private final ReaderSource reader;

    /**
     * A model of these parts.
     *
     * @param schedule the schedule that the blocks were trained with, of T steps
     * @param labels the label embedding that they were trained with
     * @param blocks block 1 … block T
     * @param reader the head, for the same d and m
     */
    public NoPropModel(NoiseSchedule schedule, LabelEmbedding labels, BlockSource blocks, ReaderSource reader) {
        this.chain = new SamplingChain(schedule);
        this.labels = labels;
        this.blocks = blocks;
        this.reader = reader;
    }

    /**
     * A model with a head that is in memory.
     *
     * @throws IllegalArgumentException if the head does not fit the label embedding
     */
    public NoPropModel(NoiseSchedule schedule, LabelEmbedding labels, BlockSource blocks, ClassReader head) {
        this(schedule, labels, blocks, ReaderSource.of(head));
        if (head.labelWidth() != labels.width() || head.classes() != labels.classes()) {
            throw new IllegalArgumentException("The head is for label embeddings of width " + head.labelWidth()
                    + " and " + head.classes() + " classes, the label embedding has width " + labels.width() + " and "
                    + labels.classes() + " classes");
        }
    }

    /** T. */
    public int steps() {
        return chain.steps();
    }

    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public List<ClassProbabilities> runs(ImageRows images, InferenceSettings settings) {
        List<RunState> runs = noisyRuns(images, settings);
        passThroughBlocks(images, runs, settings.batchSize());
        return headProbabilities(images, runs);
    }

    @Override
    public ClassProbabilities predictWithoutNoise(ImageRows images, int batchSize) {
        RunState run = RunState.withoutNoise(steps(), images, labels.width());
        passThroughBlocks(images, List.of(run), batchSize);
        return headProbabilities(images, List.of(run)).get(0);
    }

    @Override
    public ChainTrace trace(ImageRows images, InferenceSettings settings) {
        PathRecorder recorder = new PathRecorder(images, labels);
        List<RunState> noisy = noisyRuns(images, settings);
        noisy.get(0).recordedBy(recorder);
        RunState withoutNoise = RunState.withoutNoise(steps(), images, labels.width());
        List<RunState> alone = IntStream.range(0, settings.runs())
                .mapToObj(run -> RunState.blocksAlone(steps(), images, labels.width(), settings.seed(), run))
                .toList();
        List<ShortChain> lengths = ShortChain.lengths(steps());
        List<RunState> shortened = lengths.stream()
                .map(length -> RunState.fewerBlocks(length, images, labels.width(), settings))
                .toList();
        passThroughBlocks(
                images,
                Stream.of(noisy, List.of(withoutNoise), alone, shortened)
                        .flatMap(List::stream)
                        .toList(),
                settings.batchSize());
        return new ChainTrace(
                IntStream.rangeClosed(1, steps()).mapToObj(String::valueOf).toList(),
                finished(images, noisy),
                finished(images, List.of(withoutNoise)).get(0),
                byBlock(alone),
                fewerBlocks(lengths, headProbabilities(images, shortened)),
                recorder.paths(IntStream.rangeClosed(0, steps())
                        .mapToObj(String::valueOf)
                        .toList()));
    }

    private List<ChainRun> finished(ImageRows images, List<RunState> chains) {
        List<ClassProbabilities> read = headProbabilities(images, chains);
        return IntStream.range(0, chains.size())
                .mapToObj(i -> new ChainRun(read.get(i), chains.get(i).predictions()))
                .toList();
    }

    private static List<FewerBlocks> fewerBlocks(List<ShortChain> lengths, List<ClassProbabilities> read) {
        return IntStream.range(0, lengths.size())
                .mapToObj(i ->
                        new FewerBlocks(lengths.get(i).blocks(), read.get(i).predictions()))
                .toList();
    }

    private List<RunState> noisyRuns(ImageRows images, InferenceSettings settings) {
        return IntStream.range(0, settings.runs())
                .mapToObj(run -> RunState.noisy(steps(), images, labels.width(), settings, run))
                .toList();
    }

    private void passThroughBlocks(ImageRows images, List<RunState> runs, int batchSize) {
        for (int t = 1; t <= steps(); t++) {
            int step = t;
            blocks.lend(t, block -> passThrough(block, step, images, runs, batchSize));
        }
    }

    private void passThrough(Denoiser block, int t, ImageRows images, List<RunState> runs, int batchSize) {
        requireFitting(block.shape(), t, images);
        Chunk chunk = new Chunk(images, block, batchSize);
        runs.forEach(run -> run.beginBlock(t));
        for (int first = 0; first < images.rows(); first += batchSize) {
            chunk.move(first, Math.min(first + batchSize, images.rows()));
            for (RunState run : runs) {
                run.advance(chain, chunk, classes());
            }
        }
    }

    private void requireFitting(NetworkShape shape, int t, ImageRows images) {
        if (shape.imageWidth() != images.width()) {
            throw new InvalidInputException("The image embeddings have " + images.width()
                    + " components where block " + t + " was trained on " + shape.imageWidth()
                    + ": use the embeddings of the model's own run, or train the blocks again");
        }
        if (shape.labelWidth() != labels.width() || shape.classes() != classes()) {
            throw new IllegalArgumentException("Block " + t + " is for label embeddings of width " + shape.labelWidth()
                    + " and " + shape.classes() + " classes, the label embedding has width " + labels.width() + " and "
                    + classes() + " classes");
        }
    }

    private List<ClassProbabilities> headProbabilities(ImageRows images, List<RunState> runs) {
        List<ClassProbabilities> all = new ArrayList<>();
        reader.lend(head -> runs.forEach(run -> {
            float[] probabilities = new float[images.rows() * classes()];
            head.probabilities(images.rows(), run.z(), probabilities);
            all.add(new ClassProbabilities(images.rows(), classes(), probabilities));
        }));
        return all;
    }

    private List<List<int[]>> byBlock(List<RunState> alone) {
        List<List<int[]>> byBlock = new ArrayList<>();
        for (int t = 1; t <= steps(); t++) {
            int block = t - 1;
            byBlock.add(alone.stream().map(run -> run.predictions().get(block)).toList());
        }
        return byBlock;
    }
}

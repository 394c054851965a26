package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.MemoryByBatch;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.MemoryVariant;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.spark.MemoryTask.Kind;
import org.noprop.tensor.NativeMemory;
import org.noprop.training.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the memory of training a block and the baseline, each in a process of its own. It needs no Spark session. */
public final class MeasureJob {
    private static final Logger LOG = LoggerFactory.getLogger(MeasureJob.class);
    static final String FILE = "profile/memory.json";

    private static final int STEPS = 4;
    /** Heap of a process beside what grows with the network. */
    private static final long HEAP = 512L << 20;
    /** Heap of a process for each block, as a multiple of what a block keeps there: weights pass through it. */
    private static final long HEAP_OF_A_BLOCK = 3;

    private final NoPropConfig config;
    private final Configuration hadoop;
    private final EmbeddingDescription data;

    /** The job of a configuration. Without image embeddings their shape is that of the dataset's images. */
    public MeasureJob(NoPropConfig config) {
        String embeddings = config.data().embeddings();
        this.config = config;
        this.hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
        this.data = EmbeddingFolder.isFinished(hadoop, embeddings)
                ? EmbeddingFolder.open(hadoop, embeddings).description()
                : DatasetImages.of(config.data().kind())
                        .orElseThrow(() -> new InvalidInputException("There are no embeddings in " + embeddings
                                + ", which alone say how large your images are; run preprocess first"));
    }

    /**
     * What to measure.
     *
     * @param blocks each T to measure at, in [1, 492]; where there is none, the configuration's
     * @param batchSizes batch sizes to measure at as well, each at least 2, at the configuration's T
     * @param variants whether other ways of training are measured, too, at each T
     * @param repeats processes that measure each subject one after the other, at least 1
     */
    public record Request(List<Integer> blocks, List<Integer> batchSizes, boolean variants, int repeats) {
        /** The configuration's T alone, three times. */
        public static final Request DEFAULT = new Request(List.of(), List.of(), false, 3);

        /** Copies the lists. */
        public Request {
            blocks = List.copyOf(blocks);
            batchSizes = List.copyOf(batchSizes);
        }
    }

    /**
     * Measures.
     *
     * @throws InvalidInputException if the settings do not fit the images, or a baseline not this machine
     */
    public MemoryComparison run(Request request) {
        int configured = config.diffusion().blocks();
        List<Integer> counts = request.blocks().isEmpty() ? List.of(configured) : request.blocks();
        List<MemoryPair> pairs = new ArrayList<>();
        List<MemoryVariant> variants = new ArrayList<>();
        for (int count : counts) {
            MemoryPair pair = pair(plan(count), request.repeats());
            pairs.add(pair);
            if (request.variants()) {
                variants.addAll(variants(count, pair, request.repeats()));
            }
        }
        List<MemoryByBatch> batches = request.batchSizes().stream()
                .map(size -> new MemoryByBatch(size, pair(plan(configured).withBatchSize(size), request.repeats())))
                .toList();
        return new MemoryComparison(config.training().batchSize(), STEPS, pairs, variants, batches);
    }

    /**
     * Writes the figures.
     *
     * @param run the run that they belong to, whose report shows them; without one they lie beside all runs
     * @return the file's path
     */
    public String write(MemoryComparison measured, Optional<RunFolder> run) {
        String text = FigureJson.text(measured);
        if (run.isPresent()) {
            run.get().writeText(FILE, text);
            return run.get().path() + "/" + FILE;
        }
        String name = "memory/" + config.run().name() + ".json";
        return RunFolder.writeBesideRuns(hadoop, config.run().dir(), name, text);
    }

    private TrainingPlan plan(int blocks) {
        return TrainingPlans.of(config.withBlocks(blocks), data, new float[data.classes() * data.width()]);
    }

    private MemoryPair pair(TrainingPlan plan, int repeats) {
        int blocks = plan.blocks();
        LOG.info("Measuring one block of {}", blocks);
        SubjectMemory block = measure(new MemoryTask(Kind.BLOCK, plan, STEPS), HEAP, repeats);
        LOG.info("Measuring the baseline of {} blocks", blocks);
        long heap = heapOf(blocks, block);
        requireFree(blocks, heap + blocks * block.nativeBytes());
        SubjectMemory baseline = measure(new MemoryTask(Kind.BASELINE, plan, STEPS), heap, repeats);
        return new MemoryPair(blocks, block, baseline);
    }

    private static long heapOf(int blocks, SubjectMemory block) {
        return HEAP + HEAP_OF_A_BLOCK * blocks * Math.max(0, block.heapBytes());
    }

    private List<MemoryVariant> variants(int blocks, MemoryPair pair, int repeats) {
        long heap = heapOf(blocks, pair.block());
        requireFree(blocks, heap + blocks * pair.block().nativeBytes());
        return List.of(
                variant(
                        "all-blocks-in-one-process",
                        blocks,
                        new MemoryTask(Kind.ALL_BLOCKS, plan(blocks), STEPS),
                        heap,
                        repeats),
                variant(
                        "baseline-in-micro-batches",
                        blocks,
                        new MemoryTask(Kind.MICRO_BATCHES, plan(blocks), STEPS),
                        heap,
                        repeats),
                variant(
                        "one-block-by-back-propagation",
                        1,
                        new MemoryTask(Kind.BASELINE, plan(1), STEPS),
                        HEAP,
                        repeats));
    }

    private static MemoryVariant variant(String name, int blocks, MemoryTask task, long heap, int repeats) {
        LOG.info("Measuring {}", name);
        return new MemoryVariant(name, blocks, measure(task, heap, repeats));
    }

    private static SubjectMemory measure(MemoryTask task, long heap, int repeats) {
        return SubjectMemory.mean(IntStream.range(0, repeats)
                .mapToObj(repeat -> MemoryProbe.measure(task, heap))
                .toList());
    }

    private static void requireFree(int blocks, long bytes) {
        long free = NativeMemory.free();
        if (bytes > free) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "Measuring the baseline of %d blocks takes up to %d MB, and this machine has %d MB free; measure"
                            + " with fewer --blocks, or on a larger machine",
                    blocks,
                    bytes >> 20,
                    free >> 20));
        }
    }
}

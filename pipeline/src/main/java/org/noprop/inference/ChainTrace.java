package org.noprop.inference;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * All that an evaluation asks of the chain, over the same rows.
 *
 * @param steps names of the steps or times after which a run's predictions are kept: 1 … T, or moments of [0, 1]
 * @param noisyRuns R runs, each with noise of its own
 * @param withoutNoise the run without any noise
 * @param blocksAlone for each block and, inside, for each noisy run, each row's most probable class
 *     according to the block when its input is pure noise: the run's z_0 instead of its predecessor's output
 * @param fewerBlocks chains of fewer blocks, shortest first; none in continuous time, whose steps are a setting
 * @param paths how z goes its way for the first few rows
 */
public record ChainTrace(
        List<String> steps,
        List<ChainRun> noisyRuns,
        ChainRun withoutNoise,
        List<List<int[]>> blocksAlone,
        List<FewerBlocks> fewerBlocks,
        LabelPaths paths)
        implements Serializable {
    /** Copies the lists. */
    public ChainTrace {
        steps = List.copyOf(steps);
        noisyRuns = List.copyOf(noisyRuns);
        blocksAlone = blocksAlone.stream().map(List::copyOf).toList();
        fewerBlocks = List.copyOf(fewerBlocks);
    }

    /**
     * The rows of all parts, one part after the other, with the paths of the first; at least one part, all of the
     * same model and runs.
     */
    public static ChainTrace join(List<ChainTrace> parts) {
        ChainTrace first = parts.get(0);
        return new ChainTrace(
                first.steps,
                each(first.noisyRuns.size(), i -> ChainRun.join(map(parts, part -> part.noisyRuns.get(i)))),
                ChainRun.join(map(parts, ChainTrace::withoutNoise)),
                each(first.blocksAlone.size(), t -> ChainRun.joinEach(map(parts, part -> part.blocksAlone.get(t)))),
                each(first.fewerBlocks.size(), i -> joinFewer(map(parts, part -> part.fewerBlocks.get(i)))),
                first.paths);
    }

    private static FewerBlocks joinFewer(List<FewerBlocks> parts) {
        int[] predictions = parts.stream()
                .flatMapToInt(part -> Arrays.stream(part.predictions()))
                .toArray();
        return new FewerBlocks(parts.get(0).blocks(), predictions);
    }

    private static <R> List<R> each(int count, Function<Integer, R> item) {
        return IntStream.range(0, count).boxed().map(item).toList();
    }

    private static <R> List<R> map(List<ChainTrace> parts, Function<ChainTrace, R> item) {
        return parts.stream().map(item).toList();
    }
}

package org.noprop.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measured memory of training, one block beside the baseline.
 *
 * @param batchSize rows of a step
 * @param steps how many steps each subject was trained for
 * @param pairs one for each number of blocks, in the order in which they were measured
 * @param variants other ways of training, where they were measured
 * @param batches a pair for each batch size, where several were measured
 */
public record MemoryComparison(
        int batchSize, int steps, List<MemoryPair> pairs, List<MemoryVariant> variants, List<MemoryByBatch> batches) {
    private static final double MEGABYTE = 1e6;
    private static final double PERCENT = 100;
    private static final int NAMES = 10;
    private static final int LONG_NAMES = 29;

    /** Copies the lists; figures of an earlier version have the pairs alone. */
    public MemoryComparison {
        pairs = List.copyOf(pairs);
        variants = variants == null ? List.of() : List.copyOf(variants);
        batches = batches == null ? List.of() : List.copyOf(batches);
    }

    /** One block beside the baseline, and nothing else. */
    public MemoryComparison(int batchSize, int steps, List<MemoryPair> pairs) {
        this(batchSize, steps, pairs, List.of(), List.of());
    }

    /** The pair at this number of blocks, where it was measured. */
    public Optional<MemoryPair> at(int blocks) {
        return pairs.stream().filter(pair -> pair.blocks() == blocks).findFirst();
    }

    /** A table for a terminal, ending with a line feed; megabytes are 10⁶ bytes, ± is the standard deviation over processes. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-" + width() + "s %5s %12s %12s %20s %13s %9s%n",
                "training",
                "T",
                "native peak",
                "heap",
                "together",
                "accounted for",
                "ratio"));
        for (MemoryPair pair : pairs) {
            String ratio = String.format(Locale.ROOT, "%.3f", pair.ratio());
            table.append(row("one block", pair.blocks(), pair.block(), ratio));
            table.append(row("baseline", pair.blocks(), pair.baseline(), "1"));
        }
        for (MemoryVariant variant : variants) {
            table.append(row(variant.name().replace('-', ' '), variant.blocks(), variant.memory(), ratio(variant)));
        }
        for (MemoryByBatch batch : batches) {
            MemoryPair pair = batch.pair();
            String of = " at batch " + batch.batchSize();
            table.append(row(
                    "one block" + of, pair.blocks(), pair.block(), String.format(Locale.ROOT, "%.3f", pair.ratio())));
            table.append(row("baseline" + of, pair.blocks(), pair.baseline(), "1"));
        }
        return table.toString();
    }

    private int width() {
        return variants.isEmpty() && batches.isEmpty() ? NAMES : LONG_NAMES;
    }

    /** Of the baseline at the same T, where that was measured. */
    private String ratio(MemoryVariant variant) {
        return at(variant.blocks())
                .map(pair -> String.format(
                        Locale.ROOT,
                        "%.3f",
                        variant.memory().measuredBytes()
                                / (double) pair.baseline().measuredBytes()))
                .orElse("");
    }

    /** With the standard deviation over processes, where there were several; on a GPU the memory of that. */
    private static String together(SubjectMemory memory) {
        String mean = String.format(Locale.ROOT, "%.1f", memory.measuredBytes() / MEGABYTE);
        return memory.runs().size() == 1
                ? mean + " MB"
                : mean + String.format(Locale.ROOT, " ± %.1f MB", memory.deviation() / MEGABYTE);
    }

    private String row(String subject, int blocks, SubjectMemory memory, String ratio) {
        return String.format(
                Locale.ROOT,
                "%-" + width() + "s %5d %9.1f MB %9.1f MB %20s %11.0f %% %9s%n",
                subject,
                blocks,
                memory.nativeBytes() / MEGABYTE,
                memory.heapBytes() / MEGABYTE,
                together(memory),
                PERCENT * memory.accountedShare(),
                ratio);
    }
}

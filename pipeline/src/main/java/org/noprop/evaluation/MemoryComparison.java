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
 */
public record MemoryComparison(int batchSize, int steps, List<MemoryPair> pairs) {
    private static final double MEGABYTE = 1e6;
    private static final double PERCENT = 100;

    /** Copies the list. */
    public MemoryComparison {
        pairs = List.copyOf(pairs);
    }

    /** The pair at this number of blocks, where it was measured. */
    public Optional<MemoryPair> at(int blocks) {
        return pairs.stream().filter(pair -> pair.blocks() == blocks).findFirst();
    }

    /** A table for a terminal, ending with a line feed; megabytes are 10⁶ bytes. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-10s %5s %12s %12s %12s %13s %9s%n",
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
        return table.toString();
    }

    private static String row(String subject, int blocks, SubjectMemory memory, String ratio) {
        return String.format(
                Locale.ROOT,
                "%-10s %5d %9.1f MB %9.1f MB %9.1f MB %11.0f %% %9s%n",
                subject,
                blocks,
                memory.nativeBytes() / MEGABYTE,
                memory.heapBytes() / MEGABYTE,
                memory.measuredBytes() / MEGABYTE,
                PERCENT * memory.accountedShare(),
                ratio);
    }
}

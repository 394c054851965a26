package org.noprop.training;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;

/**
 * The order in which an epoch visits its rows: a function of seed, learner, epoch and buffer, and of how the rows
 * lie in row groups, but not of whether they are in memory or streamed.
 *
 * <p>The row groups are put in random order and cut into windows, each of as many whole groups as a buffer holds;
 * the rows of a window are then permuted uniformly. Where the buffer holds all rows there is one window, whose
 * groups stay where they are: a uniform permutation of all rows.
 */
final class RowOrder {
    private static final int GROUPS = 1;

    private final int[] rows;
    private final int[] firstInGroup;
    /** Rows that a buffer holds of each group: none of one that is not visited. */
    private final int[] sizes;

    private final long buffer;

    /**
     * Orders of some rows.
     *
     * @param rows the numbers of the rows, ascending
     * @param groups the first row of each row group, ascending from 0
     * @param all how many rows the groups have
     * @param buffer how many rows a buffer holds; a group that is larger is a window alone
     */
    RowOrder(int[] rows, int[] groups, int all, long buffer) {
        this.rows = rows.clone();
        this.sizes = new int[groups.length];
        this.firstInGroup = new int[groups.length + 1];
        for (int group = 0; group < groups.length; group++) {
            int end = group + 1 < groups.length ? groups[group + 1] : all;
            int found = Arrays.binarySearch(rows, end);
            firstInGroup[group + 1] = found >= 0 ? found : -found - 1;
            sizes[group] = firstInGroup[group + 1] == firstInGroup[group] ? 0 : end - groups[group];
        }
        this.buffer = Arrays.stream(sizes).asLongStream().sum() <= buffer ? Long.MAX_VALUE : buffer;
    }

    /** Uniform permutations of the rows 0 … rows-1. */
    static RowOrder of(int rows) {
        return new RowOrder(IntStream.range(0, rows).toArray(), new int[] {0}, rows, rows);
    }

    /** How many rows an order has. */
    int rows() {
        return rows.length;
    }

    /**
     * An epoch's order.
     *
     * @param seed the run's seed
     * @param learner {@link Learner#number}
     * @param epoch 1 … epochs
     * @param into receives the row numbers; its length is {@link #rows}
     */
    void shuffle(long seed, int learner, int epoch, int[] into) {
        NoiseKey key = NoiseKey.of(seed, Purpose.ROW_ORDER).at(learner).at(epoch);
        int[] groups = groups(key.at(GROUPS).generator());
        SplittableRandom random = key.generator();
        int start = 0;
        int next = 0;
        long held = 0;
        for (int group : groups) {
            if (held + sizes[group] > buffer && held > 0) {
                start = next;
                held = 0;
            }
            held += sizes[group];
            for (int i = firstInGroup[group]; i < firstInGroup[group + 1]; i++) {
                int other = start + random.nextInt(next - start + 1);
                into[next] = into[other];
                into[other] = rows[i];
                next++;
            }
        }
    }

    private int[] groups(SplittableRandom random) {
        int[] groups = new int[sizes.length];
        for (int i = 0; i < groups.length; i++) {
            int other = buffer == Long.MAX_VALUE ? i : random.nextInt(i + 1);
            groups[i] = groups[other];
            groups[other] = i;
        }
        return groups;
    }
}

package org.noprop.inference;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A chain that only some of the T blocks make, from block 1 on and as even as may be. Each still gets z at the
 * noise level that it was trained for: a block's step leads to the input of the next one that is used, or to z_T.
 *
 * @param steps T
 * @param blocks how many are used, 1 … T
 */
record ShortChain(int steps, int blocks) {
    /** Chains of so many lengths are compared at most. */
    static final int MOST_LENGTHS = 10;

    /** The chain of all T blocks. */
    static ShortChain whole(int steps) {
        return new ShortChain(steps, steps);
    }

    /** The chains to compare: of every length up to T where those are few, otherwise of ten even ones. */
    static List<ShortChain> lengths(int steps) {
        int count = Math.min(MOST_LENGTHS, steps);
        return IntStream.range(0, count)
                .map(i -> even(i, count, steps))
                .mapToObj(blocks -> new ShortChain(steps, blocks))
                .toList();
    }

    /** Whether block t is one of them. */
    boolean uses(int t) {
        return IntStream.range(0, blocks).anyMatch(i -> even(i, blocks, steps) == t);
    }

    /** The step whose z is there after block t, which is used: the next block's t - 1, or T. */
    int reached(int t) {
        return IntStream.range(0, blocks)
                .map(i -> even(i, blocks, steps))
                .filter(next -> next > t)
                .map(next -> next - 1)
                .findFirst()
                .orElse(steps);
    }

    /** Number i of {@code count} even numbers from 1 to {@code most}; 1 where there is one. */
    private static int even(int i, int count, int most) {
        return count == 1 ? 1 : 1 + Math.round((float) i * (most - 1) / (count - 1));
    }
}

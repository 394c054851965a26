package org.noprop.evaluation.plan;

/**
 * What is trained.
 *
 * @param blocks T
 * @param shards K
 * @param rows training rows
 * @param batchSize rows of a step
 * @param epochs passes over the rows
 * @param averageEvery epochs of a round, where there are several shards
 * @param headEpochs passes of the head; 0 where it has no task of its own
 * @param baselineEpochs passes of the baseline
 */
public record Workload(
        int blocks,
        int shards,
        long rows,
        int batchSize,
        int epochs,
        int averageEvery,
        int headEpochs,
        int baselineEpochs) {
    /** How many tasks can be at work on blocks at the same time: more executors do not help. */
    public int widest() {
        return Math.multiplyExact(blocks, shards);
    }

    /** Steps that a member of a group makes in an epoch, 1 at least. */
    long stepsOfAnEpoch() {
        long ownRows = (rows + shards - 1) / shards;
        return Math.max(1, (ownRows + batchSize - 1) / batchSize);
    }

    /** Rounds of a group: one where a block has one member, which trains it to the end. */
    int rounds() {
        return shards == 1 ? 1 : (epochs + averageEvery - 1) / averageEvery;
    }

    /** Epochs of a round, counted from 0. */
    int epochsOf(int round) {
        return shards == 1 ? epochs : Math.min(averageEvery, epochs - round * averageEvery);
    }
}

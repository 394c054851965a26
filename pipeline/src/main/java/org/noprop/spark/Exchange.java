package org.noprop.spark;

/**
 * Bytes that left tasks, and came to them from others.
 *
 * @param shuffleWriteBytes written for other tasks by Spark's shuffle, as they lie on disk
 * @param shuffleReadBytes read from other tasks by Spark's shuffle
 * @param averageReadBytes read from the run folder: the averages of the round before, by blocks that train
 *     something together
 * @param runFolderBytes written to the run folder: weights, optimiser state, metrics
 */
public record Exchange(long shuffleWriteBytes, long shuffleReadBytes, long averageReadBytes, long runFolderBytes) {
    static final Exchange NONE = new Exchange(0, 0, 0, 0);

    Exchange plus(Exchange other) {
        return new Exchange(
                shuffleWriteBytes + other.shuffleWriteBytes,
                shuffleReadBytes + other.shuffleReadBytes,
                averageReadBytes + other.averageReadBytes,
                runFolderBytes + other.runFolderBytes);
    }
}

package org.noprop.spark.dl4j;

/**
 * How dl4j-spark averages.
 *
 * @param workers tasks that train side by side, at least 1
 * @param frequency batches that each of them takes between two averages, at least 1
 */
public record Averaging(int workers, int frequency) {
    /** Batches of one round over all workers. */
    int batches() {
        return workers * frequency;
    }
}

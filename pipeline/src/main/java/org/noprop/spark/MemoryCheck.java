package org.noprop.spark;

import org.apache.spark.api.java.JavaSparkContext;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.NativeMemory;

/**
 * Compares what tasks will need with what there is, before anything starts.
 *
 * @param heap bytes of Java heap that the tasks of one executor can share
 * @param setting what a user raises to give more
 */
record MemoryCheck(long heap, String setting) {
    /** Share of the heap that Spark and the tasks' own small objects leave free. */
    private static final double USABLE = 0.8;

    /** The check for this driver's executors; in local mode the driver is the executor. */
    static MemoryCheck of(JavaSparkContext spark) {
        if (spark.isLocal()) {
            return new MemoryCheck(Runtime.getRuntime().maxMemory(), "NOPROP_DRIVER_MEMORY (spark.driver.memory)");
        }
        return new MemoryCheck(spark.getConf().getSizeAsBytes("spark.executor.memory", "1g"), "spark.executor.memory");
    }

    /**
     * Requires memory outside the heap of this process, where networks lie; for local mode.
     *
     * @param bytes what the networks that train at the same time take together
     * @throws InvalidInputException if the machine has less
     */
    static void requireNative(long bytes) {
        long available = NativeMemory.available();
        if (bytes > available) {
            throw new InvalidInputException(String.format(
                    "The blocks that train at the same time take %d MB and the machine has %d MB free; give Spark"
                            + " fewer cores, or lower noprop.training.batch-size",
                    bytes >> 20, available >> 20));
        }
    }

    /**
     * Requires heap.
     *
     * @param bytes what the read-only copy of the image embeddings takes
     * @throws InvalidInputException if it does not fit
     */
    void require(long bytes) {
        if (bytes > heap * USABLE) {
            throw new InvalidInputException(String.format(
                    "The image embeddings take %d MB of an executor's heap, which has %d MB; raise %s",
                    bytes >> 20, heap >> 20, setting));
        }
    }
}

package org.noprop.spark;

import java.util.Locale;
import org.apache.spark.SparkConf;
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
    /** What Java itself and the native libraries take outside the heap. */
    static final long JAVA_ITSELF = 500L << 20;

    private static final long LEAST_OVERHEAD = 384L << 20;

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
                    Locale.ROOT,
                    "The blocks that train at the same time take %d MB and the machine has %d MB free; give Spark"
                            + " fewer cores, or lower noprop.training.batch-size",
                    bytes >> 20,
                    available >> 20));
        }
    }

    /**
     * Requires memory outside the heap of a container, which YARN and Kubernetes enforce by killing it.
     *
     * @param conf Spark's settings
     * @param taskBytes what a task's network takes
     * @throws InvalidInputException if the tasks of an executor do not fit its memory overhead together
     */
    static void requireOverhead(SparkConf conf, long taskBytes) {
        String master = conf.get("spark.master", "");
        if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
            return;
        }
        int tasks = Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
        long needed = JAVA_ITSELF + tasks * taskBytes;
        long overhead = overhead(conf);
        if (needed > overhead) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "The %d tasks of an executor take %d MB outside its heap, %d MB each and %d MB for Java itself, and"
                            + " may take %d MB; raise spark.executor.memoryOverhead",
                    tasks,
                    needed >> 20,
                    taskBytes >> 20,
                    JAVA_ITSELF >> 20,
                    overhead >> 20));
        }
    }

    private static long overhead(SparkConf conf) {
        if (conf.contains("spark.executor.memoryOverhead")) {
            return conf.getSizeAsMb("spark.executor.memoryOverhead") << 20;
        }
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
        return Math.max(LEAST_OVERHEAD, (long) (factor * conf.getSizeAsBytes("spark.executor.memory", "1g")));
    }

    /** How many tasks run on an executor at a time; in local mode in this process. */
    static int tasksAtATime(JavaSparkContext spark) {
        SparkConf conf = spark.getConf();
        return spark.isLocal()
                ? spark.defaultParallelism()
                : Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
    }

    /**
     * Requires heap of the driver, and that Spark lets tasks return so much to it.
     *
     * @param returned bytes that all tasks of a job return together
     * @param heapBytes what the driver then holds
     * @param what takes them, with its verb
     * @throws InvalidInputException if they do not fit
     */
    static void requireDriver(SparkConf conf, long returned, long heapBytes, String what) {
        long heap = Runtime.getRuntime().maxMemory();
        if (heapBytes > heap * USABLE) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%s %d MB of the driver's heap, which has %d MB; raise NOPROP_DRIVER_MEMORY (spark.driver.memory)",
                    what,
                    heapBytes >> 20,
                    heap >> 20));
        }
        long most = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        if (most > 0 && returned > most) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%s %d MB from tasks to the driver, and Spark allows %d MB; raise spark.driver.maxResultSize",
                    what,
                    returned >> 20,
                    most >> 20));
        }
    }

    /** Bytes of the heap that rows may take. */
    long usable() {
        return (long) (heap * USABLE);
    }

    /**
     * Requires heap.
     *
     * @param bytes what rows take
     * @param what takes them, with its verb
     * @throws InvalidInputException if they do not fit
     */
    void require(long bytes, String what) {
        if (bytes > usable()) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%s %d MB of an executor's heap, which has %d MB; raise %s",
                    what,
                    bytes >> 20,
                    heap >> 20,
                    setting));
        }
    }
}

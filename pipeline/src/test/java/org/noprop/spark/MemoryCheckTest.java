package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;

class MemoryCheckTest {
    private static final long MB = 1 << 20;

    @Test
    void embeddingsThatDoNotFitTheHeapAreRefusedWithWhatToRaise() {
        MemoryCheck check = new MemoryCheck(1000 * MB, "spark.executor.memory");

        assertThatCode(() -> check.require(700 * MB, "The image embeddings take"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check.require(900 * MB, "The image embeddings take"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The image embeddings take 900 MB of an executor's heap, which has 1000 MB;"
                        + " raise spark.executor.memory");
    }

    @Test
    void predictionsThatDoNotFitTheDriverAreRefused() {
        SparkConf conf = new SparkConf(false).set("spark.driver.maxResultSize", "10m");
        long heap = Runtime.getRuntime().maxMemory();

        assertThatCode(() -> MemoryCheck.requireDriver(conf, 10 * MB, 10 * MB, "The predictions of 7 rows take"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.requireDriver(conf, 11 * MB, 22 * MB, "The predictions of 7 rows take"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "The predictions of 7 rows take 11 MB from tasks to the driver, and Spark allows 10 MB; raise"
                                + " spark.driver.maxResultSize");
        assertThatThrownBy(() -> MemoryCheck.requireDriver(conf, MB, heap, "The predictions of 7 rows take"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The predictions of 7 rows take " + (heap >> 20) + " MB of the driver's heap, which has "
                        + (heap >> 20) + " MB; raise NOPROP_DRIVER_MEMORY (spark.driver.memory)");
    }

    @Test
    void networksThatDoNotFitTheMachineAreRefused() {
        assertThatCode(() -> MemoryCheck.requireNative(MB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.requireNative(1000_000_000 * MB))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "The blocks that train at the same time take 1000000000 MB and the machine has ")
                .hasMessageEndingWith(" MB free; give Spark fewer cores, or lower noprop.training.batch-size");
    }

    @Test
    void blocksThatDoNotFitAContainersOverheadAreRefused() {
        SparkConf conf = new SparkConf(false)
                .set("spark.master", "yarn")
                .set("spark.executor.cores", "4")
                .set("spark.executor.memoryOverhead", "900m");

        assertThatCode(() -> MemoryCheck.requireOverhead(conf, 100 * MB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.requireOverhead(conf, 101 * MB))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("The 4 tasks of an executor take 904 MB outside its heap, 101 MB each and 500 MB for Java"
                        + " itself, and may take 900 MB; raise spark.executor.memoryOverhead");
        conf.remove("spark.executor.memoryOverhead").set("spark.executor.memory", "20g");
        assertThatCode(() -> MemoryCheck.requireOverhead(conf, 350 * MB))
                .as("a tenth of the heap unless it is set")
                .doesNotThrowAnyException();
        conf.set("spark.master", "spark://host:7077");
        assertThatCode(() -> MemoryCheck.requireOverhead(conf, 100_000 * MB))
                .as("a standalone worker enforces nothing")
                .doesNotThrowAnyException();
    }
}

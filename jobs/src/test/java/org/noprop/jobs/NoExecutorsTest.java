package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noprop.spark.StandaloneCluster;

/** A cluster whose master has no worker to give. */
class NoExecutorsTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void executorsThatNeverComeEndTheCommandInOneSentenceAndTwo() throws IOException {
        Path preset = Files.writeString(
                folder.resolve("tiny.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data { embeddings = "%1$s/embeddings", digits { train = 40, test = 20 } }
                  resources.start-timeout = 2s
                }
                """
                        .formatted(folder));
        StringWriter err = new StringWriter();
        assertThat(noprop("local[1]", "preprocess", preset, err)).isZero();
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, 0, 1)) {
            assertThat(noprop(cluster.master(), "train-blocks", preset, err)).isEqualTo(2);
            assertThat(err.toString().strip())
                    .isEqualTo(
                            "No executor of " + cluster.master() + " came within 2 s: executors of 2 cores and 700m of"
                                    + " memory were asked for, and there is none; check that its workers have so much free, or"
                                    + " raise noprop.resources.start-timeout");
        }
    }

    private static int noprop(String master, String command, Path preset, StringWriter err) {
        return NoProp.commandLine(Jobs::of, opened -> session(master, opened))
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(command, "--config", preset.toString());
    }

    private static SparkSession session(String master, String command) {
        SparkConf conf = new SparkConf()
                .setMaster(master)
                .set("spark.executor.cores", "2")
                .set("spark.executor.memory", "700m");
        return SparkSession.builder()
                .config(Sessions.withDefaults(conf, command))
                .getOrCreate();
    }
}

package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.noprop.data.ObjectStore;

/** Ten races of each kind on each kind of file system; {@code pipeline/benchmarks/races} runs a hundred, on a server of S3 too. */
@Timeout(120)
class RacesTest {
    private static final int RACES = 10;

    @TempDir
    private static Path temporary;

    private static MiniDFSCluster hdfs;
    private static SparkSession session;

    @BeforeAll
    static void startFileSystems() throws IOException {
        Configuration settings = new HdfsConfiguration();
        hdfs = new MiniDFSCluster.Builder(settings, temporary.resolve("hdfs").toFile())
                .numDataNodes(1)
                .build();
        session = LocalSpark.withCores(2);
        ObjectStore.register(session.sparkContext().hadoopConfiguration());
    }

    @AfterAll
    static void stopFileSystems() {
        session.stop();
        hdfs.shutdown();
    }

    static Stream<Arguments> all() {
        return Stream.of(Races.Kind.values())
                .flatMap(kind -> Stream.of("local", "hdfs", "s3a").map(system -> Arguments.of(kind, system)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("all")
    void neverTwoHoldNeverATraceAndOneGoesOn(Races.Kind kind, String system) throws Exception {
        Races races = new Races(session, folder(system));
        for (int race = 1; race <= RACES; race++) {
            Races.Outcome outcome = races.run(kind, race);
            assertThat(outcome.traces()).isEmpty();
            assertThat(outcome).matches(Races.Outcome::isRight, "one holds it, the others are told");
        }
    }

    private static String folder(String system) {
        return switch (system) {
            case "hdfs" -> hdfs.getURI() + "/races";
            case "s3a" -> "s3a://races/runs";
            default -> temporary.resolve("races").toString();
        };
    }
}

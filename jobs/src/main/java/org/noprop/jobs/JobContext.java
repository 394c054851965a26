package org.noprop.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.config.Secrets;

/**
 * What a job is given.
 *
 * @param spark a Spark session when it is asked for, which its owner closes
 * @param config the checked configuration
 * @param overrides the command line's {@code --set}, as given
 * @param runId the command line's {@code --run-id}
 * @param resume whether output of an earlier run may be there and is continued
 * @param options what the command at hand is told beside
 * @param out where sentences for the user go
 */
record JobContext(
        LazySession spark,
        NoPropConfig config,
        List<String> overrides,
        Optional<String> runId,
        boolean resume,
        JobOptions options,
        PrintWriter out) {

    /** An open Spark session. */
    SparkSession session() {
        return spark.get();
    }

    /** The same with another seed and id, to make one run of several. */
    JobContext withRun(long seed, String id) {
        List<String> more =
                Stream.concat(overrides.stream(), Stream.of("run.seed=" + seed)).toList();
        return new JobContext(spark, config.withSeed(seed), more, Optional.of(id), resume, options, out);
    }

    /** Tells the user, on standard output, what came of the job; without secrets, as schedulers keep what is said. */
    void say(String sentence) {
        out.println(Secrets.hide(sentence));
        out.flush();
    }
}

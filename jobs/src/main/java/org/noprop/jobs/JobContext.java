package org.noprop.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;

/**
 * What a job is given.
 *
 * @param spark a Spark session when it is asked for, which its owner closes
 * @param config the checked configuration
 * @param overrides the command line's {@code --set}, as given
 * @param runId the command line's {@code --run-id}
 * @param resume whether output of an earlier run may be there and is continued
 * @param blocks numbers of blocks that the command line names
 * @param out where sentences for the user go
 */
record JobContext(
        LazySession spark,
        NoPropConfig config,
        List<String> overrides,
        Optional<String> runId,
        boolean resume,
        List<Integer> blocks,
        PrintWriter out) {

    /** An open Spark session. */
    SparkSession session() {
        return spark.get();
    }

    /** Tells the user, on standard output, what came of the job. */
    void say(String sentence) {
        out.println(sentence);
        out.flush();
    }
}

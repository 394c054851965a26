package org.noprop.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;

/**
 * What a job is given.
 *
 * @param session an open Spark session, which its owner closes
 * @param config the checked configuration
 * @param overrides the command line's {@code --set}, as given
 * @param runId the command line's {@code --run-id}
 * @param resume whether output of an earlier run may be there and is continued
 * @param out where sentences for the user go
 */
record JobContext(
        SparkSession session,
        NoPropConfig config,
        List<String> overrides,
        Optional<String> runId,
        boolean resume,
        PrintWriter out) {

    /** Tells the user, on standard output, what came of the job. */
    void say(String sentence) {
        out.println(sentence);
        out.flush();
    }
}

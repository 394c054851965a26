package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** What a real command left behind. */
record Outcome(int exitCode, String out, String err) {

    /** That of a command line, on two cores. */
    static Outcome of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = NoProp.commandLine(Jobs::of, ignored -> session())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int exitCode = line.execute(arguments);
        return new Outcome(exitCode, out.toString(), err.toString());
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .getOrCreate();
    }

    /** That the command refused what it was given, in this sentence. */
    static void assertRefused(Outcome outcome, String sentence) {
        assertThat(outcome.err.strip()).isEqualTo(sentence);
        assertThat(outcome.exitCode).isEqualTo(2);
    }
}

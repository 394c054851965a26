package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.noprop.data.InvalidInputException;
import org.noprop.training.TrainingDivergedException;
import picocli.CommandLine;

/** What a command says of what Spark, Hadoop and Java throw. */
class MistakesTest {
    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private int failWith(Throwable failure) throws IOException {
        return commandLine(() -> {
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) failure;
                })
                .execute("preprocess", "--config", preset());
    }

    private String preset() throws IOException {
        return Files.writeString(folder.resolve("x.conf"), "noprop {}").toString();
    }

    private CommandLine commandLine(Callable<?> work) {
        Job job = context -> {
            try {
                work.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        return NoProp.commandLine(command -> job, command -> null).setErr(new PrintWriter(err, true));
    }

    private static Arguments said(Throwable failure, String sentence) {
        return Arguments.of(failure, sentence);
    }

    static Stream<Arguments> foreignErrors() {
        return Stream.of(
                said(
                        new UncheckedIOException(
                                "Cannot write data/x/lock.json",
                                new FileAlreadyExistsException(
                                        "Destination exists and is not a directory: /home/me/data/x")),
                        "Cannot make the folder /home/me/data/x: there is a file; move that, or choose another place"),
                said(
                        new UncheckedIOException(
                                "Cannot write hdfs://nn/x/lock.json",
                                new ParentNotDirectoryException("/x (is not a directory)")),
                        "Cannot make the folder /x: there is a file; move that, or choose another place"),
                said(
                        new UncheckedIOException(
                                "Cannot write /full/runs/r/run.json",
                                new IOException("wrapped", new IOException("No space left on device"))),
                        "Cannot write /full/runs/r/run.json: No space left on device; make room there, or choose another"
                                + " place, by noprop.run.dir for one"),
                said(
                        new SparkException(
                                "[TASK_WRITE_FAILED] Task failed while writing rows to file:/full/embeddings/train.",
                                new Error(new IOException("No space left on device"))),
                        "Cannot write file:/full/embeddings/train: No space left on device; make room there, or choose"
                                + " another place, by noprop.run.dir for one"),
                said(
                        new SparkException(
                                "Encountered error while reading file file:///a b/part-0.parquet. Details:",
                                new IOException("FAILED_TO_UNCOMPRESS(5)")),
                        "Cannot read file:///a b/part-0.parquet: what it holds is damaged; write or copy it again"),
                said(
                        new OutOfMemoryError("Java heap space"),
                        "The heap is full, at " + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MB; raise NOPROP_DRIVER_MEMORY (for spark-submit: spark.driver.memory)"),
                said(
                        new IllegalStateException(
                                "Job aborted due to stage failure: ExecutorLostFailure (executor 1 exited caused by one of"
                                        + " the running tasks) Reason: Command exited with code 52\nDriver stacktrace:"),
                        "An executor ran out of memory; raise spark.executor.memory, or spark.executor.memoryOverhead if"
                                + " its container was killed"),
                said(
                        new IllegalArgumentException(
                                "[INVALID_DRIVER_MEMORY] System memory 259522560 must be at least 471859200. Please"),
                        "Spark needs a heap of 450 MB at least, and has 247 MB; raise NOPROP_DRIVER_MEMORY (for"
                                + " spark-submit: spark.driver.memory)"),
                said(
                        new AccessControlException(
                                "Permission denied: user=a, access=WRITE, inode=\"/\":hdfs:hdfs:drwx"),
                        "Access is denied: Permission denied: user=a, access=WRITE, inode=\"/\":hdfs:hdfs:drwx; grant it,"
                                + " or choose another place or other credentials"),
                said(
                        new FileNotFoundException("/root/x/run.json (Permission denied)"),
                        "Cannot use /root/x/run.json: Permission denied; change that, or choose another place"),
                said(
                        new IOException("org.apache.hadoop.fs.s3a.UnknownStoreException: `s3a://b/x': Bucket does not"
                                + " exist"),
                        "There is no bucket of s3a://b/x; correct the address, or make it"),
                said(
                        new UncheckedIOException(
                                "Cannot list hdfs://name:8020/x",
                                new IOException(
                                        "Call From me/127.0.0.1 to name:8020 failed on connection exception:"
                                                + " java.net.ConnectException: Connection refused; For more details see: http://w")),
                        "Cannot reach name:8020: Connection refused; see that it runs, and correct the address if that is"
                                + " another"),
                said(
                        new IllegalArgumentException(new java.net.UnknownHostException("nosuch")),
                        "There is no host nosuch; correct the address, or, if it is this machine, set"
                                + " SPARK_LOCAL_HOSTNAME=localhost"),
                said(
                        new BindException(
                                "Cannot assign requested address: Service 'sparkDriver' failed after 16 retries"),
                        "This machine has no network address that Spark can use (Cannot assign requested address); bring"
                                + " its loopback interface up, or set SPARK_LOCAL_IP"),
                said(
                        new ExceptionInInitializerError(new IllegalStateException(
                                "Unsupported OS/arch, cannot find /linux/amd64/libzstd-jni-1.5.5-4.so")),
                        "A native library cannot be loaded: Unsupported OS/arch, cannot find"
                                + " /linux/amd64/libzstd-jni-1.5.5-4.so; see that libraries may be run in "
                                + System.getProperty("java.io.tmpdir")
                                + ", or name another folder by -Djava.io.tmpdir"),
                said(
                        new TrainingDivergedException("block 1", 3, "loss"),
                        "Training of block 1 diverged: its loss is no finite number in epoch 3; lower"
                                + " noprop.training.learning-rate"));
    }

    @ParameterizedTest
    @MethodSource("foreignErrors")
    void whatTheUserOrTheMachineIsAtFaultForIsASentenceAndExitCode2(Throwable failure, String sentence)
            throws IOException {
        assertThat(failWith(failure)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(sentence + "\n");
    }

    @Test
    void storesThatNeedAPackageNameIt() throws IOException {
        for (Callable<?> open : List.<Callable<?>>of(
                () -> new org.apache.hadoop.fs.Path("s3a://b/x").getFileSystem(new Configuration()),
                () -> FileContext.getFileContext(java.net.URI.create("s3a://b/x"), new Configuration()))) {
            err.getBuffer().setLength(0);
            assertThat(commandLine(open).execute("preprocess", "--config", preset()))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .isEqualTo("There is no file system for addresses that begin with s3a://; set SPARK_HOME and give"
                            + " spark-submit --packages org.apache.hadoop:hadoop-aws:3.3.4"
                            + " (NOPROP_SPARK_SUBMIT_OPTIONS), see conf/spark/README.md\n");
        }
        err.getBuffer().setLength(0);
        commandLine(() -> new org.apache.hadoop.fs.Path("hdfs:///x").getFileSystem(new Configuration()))
                .execute("preprocess", "--config", preset());
        assertThat(err.toString())
                .isEqualTo("hdfs:///x names no host, and no configuration of Hadoop does; set HADOOP_CONF_DIR, or write"
                        + " hdfs://HOST:8020/…\n");
        err.getBuffer().setLength(0);
        commandLine(() -> new org.apache.hadoop.fs.Path("nosuch://b/x").getFileSystem(new Configuration()))
                .execute("preprocess", "--config", preset());
        assertThat(err.toString())
                .isEqualTo(
                        "There is no file system for addresses that begin with nosuch://; correct the address, or add"
                                + " the jar of that file system\n");
    }

    @Test
    void whatSparkSaysOfTablesIsASentence() throws IOException {
        Path text =
                Files.writeString(Files.createDirectories(folder.resolve("t")).resolve("a.parquet"), "no Parquet");
        try (SparkSession session = SparkSession.builder().master("local[1]").getOrCreate()) {
            assertThat(said(() -> session.read().parquet(folder + "/nowhere")))
                    .isEqualTo("Cannot read file:" + folder + "/nowhere: there is no such file or folder\n");
            assertThat(said(() -> session.range(1).select("embeding")))
                    .isEqualTo("The table has no column `embeding`; it has `id`\n");
            assertThat(said(() -> session.read()
                            .schema("id LONG")
                            .parquet(text.toString())
                            .collectAsList()))
                    .isEqualTo("Cannot read file:" + text
                            + ": it is no Parquet file; give a folder that has only those\n");
        }
    }

    private String said(Callable<?> work) throws IOException {
        err.getBuffer().setLength(0);
        assertThat(commandLine(work).execute("preprocess", "--config", preset()))
                .as(err.toString())
                .isEqualTo(2);
        return err.toString();
    }

    @Test
    void whatNobodyForesawIsASentenceAndItsStackTraceIsInTheLogFileAlone() throws IOException {
        assertThat(failWith(new IllegalStateException(
                        "outer",
                        new IllegalArgumentException("provoked by a test at http://me:PLANTED@host/\nand more"))))
                .isEqualTo(1);
        Matcher said = Pattern.compile("preprocess failed: IllegalArgumentException: provoked by a test at http://host/"
                        + " \\(the stack trace is in (\\S+)\\)\n")
                .matcher(err.toString());
        assertThat(said.matches()).as(err.toString()).isTrue();
        assertThat(Path.of(said.group(1)))
                .content()
                .contains("noprop preprocess failed", "\tat " + MistakesTest.class.getName(), "and more")
                .doesNotContain("PLANTED");
    }

    @Test
    void noSentenceHoldsAPassword() throws IOException {
        assertThat(failWith(new InvalidInputException("Cannot read ftp://me:se/cr@t@host/x?sig=abc&a=b: it is empty")))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualTo("Cannot read ftp://host/x?sig=*********(redacted)&a=b: it is empty\n");
    }

    @Test
    void yarnIsToldOfAFailureByAnExceptionThatHoldsTheSentence() throws IOException {
        String preset = preset();
        CommandLine fails = commandLine(() -> {
            throw new InvalidInputException("Cannot read x: it is empty");
        });
        assertThatThrownBy(() -> NoProp.runFor(fails, "preprocess", "--config", preset))
                .hasMessage("Cannot read x: it is empty (exit code 2)")
                .hasNoCause()
                .extracting(Throwable::getStackTrace)
                .isEqualTo(new StackTraceElement[0]);
        NoProp.runFor(commandLine(() -> null), "preprocess", "--config", preset);
    }
}

package org.noprop.jobs;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.util.VersionInfo;
import org.noprop.spark.GroupFailedException;

/**
 * What Spark, Hadoop and Java throw where the user's input or machine is at fault, each in a sentence of ours. They are told
 * apart by what they say: what failed in a task of another process comes back as text alone.
 */
final class ForeignErrors {
    private static final String MEMORY = "NOPROP_DRIVER_MEMORY (for spark-submit: spark.driver.memory)";
    private static final long NEARLY_FULL = 1 << 20;

    /** The first that fits is said. */
    private static final List<Rule> RULES = List.of(
            // Memory
            rule(
                    "OutOfMemoryError: (.*(?:physicalBytes|allocate new|totalBytes).*)",
                    found -> "Memory outside the heap is full: " + found.group(1)
                            + "; lower noprop.training.batch-size, or give Spark fewer cores"),
            rule(
                    "OutOfMemoryError: unable to create (?:new )?native thread",
                    found -> "The machine lets this process start no more threads; raise ulimit -u"),
            rule(
                    "OutOfMemoryError",
                    found -> "The heap is full, at " + (Runtime.getRuntime().maxMemory() >> 20) + " MB; raise "
                            + MEMORY),
            rule(
                    "System memory (\\d+) must be at least (\\d+)",
                    found -> "Spark needs a heap of " + megabytes(found.group(2)) + " MB at least, and has "
                            + megabytes(found.group(1)) + " MB; raise " + MEMORY),
            rule(
                    "Executor memory (\\d+) must be at least (\\d+)",
                    found -> "Spark needs a heap of " + megabytes(found.group(2)) + " MB at least in an executor; raise"
                            + " spark.executor.memory"),
            rule(
                    "ExecutorLostFailure.*(?:(?:code|status):? (?:52|137)\\b|memory limits).*",
                    found -> "An executor ran out of memory; raise spark.executor.memory, or"
                            + " spark.executor.memoryOverhead if its container was killed"),
            // Disks
            rule(
                    "(?s)(?:Cannot write|writing rows to) (\\S+?)[.:]?\\s.*?(No space left on device|Disk quota exceeded)",
                    found -> full(" " + found.group(1), found.group(2))),
            rule("No space left on device|Disk quota exceeded", found -> full(fullDisks(), found.group())),
            rule("QuotaExceededException: (.*)", found -> full("", found.group(1))),
            rule(
                    "FileNotFoundException: (.+) \\((Permission denied|Read-only file system|Not a directory"
                            + "|File name too long)\\)",
                    found -> "Cannot use " + found.group(1) + ": " + found.group(2)
                            + "; change that, or choose another place"),
            rule(
                    "\\(?Too many open files\\)?",
                    found -> "The machine lets this process open no more files; raise" + " ulimit -n"),
            rule(
                    "(?:AccessControl|AccessDenied)Exception: (.+)",
                    found -> "Access is denied: " + found.group(1)
                            + "; grant it, or choose another place or other credentials"),
            rule(
                    "Mkdirs failed to create (\\S+)|Unable to create directory (\\S+)",
                    found -> "Cannot make the folder " + either(found)
                            + "; see that it may be written there, or choose another place"),
            rule(
                    "Exception: (?:Destination exists|Parent path) (?:and )?is not a directory:? (\\S+)"
                            + "|ParentNotDirectoryException: (\\S+)",
                    found -> "Cannot make the folder " + either(found)
                            + ": there is a file; move that, or choose another place"),
            // Addresses
            rule(
                    "No (?:FileSystem for|AbstractFileSystem configured for) scheme:? \"?([\\w.+-]+)\"?"
                            + "|Class org\\.apache\\.hadoop\\.fs\\.(\\w+)\\.\\w+ not found",
                    found -> unknownScheme(either(found))),
            rule(
                    "Incomplete HDFS URI, no host: (\\S+)",
                    found -> found.group(1)
                            + " names no host, and no configuration of Hadoop does; set HADOOP_CONF_DIR, or"
                            + " write hdfs://HOST:8020/…"),
            rule(
                    "(?:UnknownStoreException|NoSuchBucket\\w*)\\W*([^'`\\s]+).*",
                    found -> "There is no bucket of " + found.group(1) + "; correct the address, or make it"),
            rule(
                    "NoAuthWithAWSException|NoAwsCredentialsException|Unable to load (?:AWS )?credentials",
                    found -> "There are no credentials for S3; set spark.hadoop.fs.s3a.access.key and"
                            + " spark.hadoop.fs.s3a.secret.key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
            rule(
                    "Call From \\S+ to (\\S+?) failed on connection exception: [\\w.]*: ([^;\\n]*)",
                    found -> "Cannot reach " + found.group(1) + ": " + found.group(2)
                            + "; see that it runs, and correct the address if that is another"),
            rule(
                    "ConnectException: ([^\\n]*Connection refused[^\\n]*)",
                    found -> "Cannot reach a server: " + found.group(1)
                            + "; see that it runs, and correct the address if that is another"),
            rule(
                    "UnknownHostException: ([^\\s:;]+)",
                    found -> "There is no host " + found.group(1)
                            + "; correct the address, or, if it is this machine, set SPARK_LOCAL_HOSTNAME=localhost"),
            rule(
                    "BindException: ([^:\\n]*): Service '(\\w+)'|SocketException: (No network interfaces configured)",
                    found -> "This machine has no network address that Spark can use ("
                            + Optional.ofNullable(found.group(1)).orElse(found.group(3))
                            + "); bring its loopback interface up, or set SPARK_LOCAL_IP"),
            // Tables
            rule(
                    "(?s)Encountered error while reading file (.+?)\\. Details:.*(?:FAILED_TO_UNCOMPRESS|Decompression error"
                            + "|ZipException|ParquetDecodingException|TProtocolException|[Cc]orrupt)",
                    found -> "Cannot read " + found.group(1) + ": what it holds is damaged; write or copy it again"),
            rule(
                    "(\\S+) is not a Parquet file",
                    found -> "Cannot read " + found.group(1)
                            + ": it is no Parquet file; give a folder that has only those"),
            rule(
                    "Parquet column cannot be converted in file (\\S+?)\\. Column: (.*), Expected: (.*), Found: (\\w+)",
                    found -> "Cannot read " + found.group(1) + ": its column " + found.group(2) + " is of type "
                            + found.group(4) + " where other files have " + found.group(3)
                            + "; give all files the same columns"),
            rule(
                    "CANNOT_MERGE_SCHEMAS?\\]\\s*(.*)",
                    found -> "The files of the table differ in their columns: " + found.group(1)
                            + "; give all files the same columns"),
            rule("UNABLE_TO_INFER_SCHEMA\\]\\s*(.*)", found -> "The table has no Parquet file; correct its address"),
            rule(
                    "PATH_NOT_FOUND\\] Path does not exist: (.+?)\\.?(?:\\n|$)",
                    found -> "Cannot read " + found.group(1) + ": there is no such file or folder"),
            rule(
                    "PATH_ALREADY_EXISTS\\] Path (.+?) already exists",
                    found -> "Cannot write " + found.group(1) + ": it is there already; name another, or delete it"),
            rule(
                    "UNRESOLVED_COLUMN[\\w.]*\\].* with name (\\S+) cannot be resolved"
                            + "(?:\\. Did you mean one of the following\\? \\[(.*?)])?",
                    found -> "The table has no column " + found.group(1)
                            + (found.group(2) == null ? "" : "; it has " + found.group(2))),
            rule("AnalysisException: (.*)", found -> "Spark cannot use the table as it is: " + found.group(1)),
            rule(
                    "FileNotFoundException: (?:File does not exist: (\\S+)|File (\\S+) does not exist)",
                    found -> "Cannot read " + either(found) + ": there is no such file any more"),
            rule(
                    "InvalidPathException: Malformed input or input contains unmappable characters: (.*)",
                    found -> "The name " + found.group(1) + " cannot be written in this machine's encoding; set"
                            + " LC_ALL=C.UTF-8"),
            // The machine
            rule(
                    "UnsatisfiedLinkError: (.*)|(Unsupported OS/arch.*)|(FAILED_TO_LOAD_NATIVE_LIBRARY.*)"
                            + "|(Could not initialize class (?:com\\.github\\.luben|org\\.xerial|org\\.nd4j|org\\.bytedeco).*)",
                    found -> "A native library cannot be loaded: " + either(found)
                            + "; see that libraries may be run in " + System.getProperty("java.io.tmpdir")
                            + ", or name another folder by -Djava.io.tmpdir"),
            rule(
                    "LiveListenerBus is stopped|on a stopped SparkContext|SparkContext was shut down",
                    found ->
                            "Spark's cluster manager cannot be reached, or ended the application; see the warnings before"
                                    + " this, and check spark.master"));

    private ForeignErrors() {}

    private record Rule(Pattern pattern, Function<MatchResult, String> sentence) {}

    private static Rule rule(String pattern, Function<MatchResult, String> sentence) {
        return new Rule(Pattern.compile(pattern), sentence);
    }

    /** What is at fault and what to do, if one of them is among a failure's causes. */
    static Optional<String> sentence(Throwable failure) {
        String text = causes(failure).map(Throwable::toString).collect(Collectors.joining("\n"));
        return RULES.stream()
                .map(rule -> {
                    Matcher matcher = rule.pattern.matcher(text);
                    return matcher.find() ? rule.sentence.apply(matcher) : null;
                })
                .flatMap(Stream::ofNullable)
                .findFirst()
                .map(sentence -> causes(failure).anyMatch(GroupFailedException.class::isInstance)
                        ? sentence + ". What was trained stays: continue with --resume"
                        : sentence);
    }

    /** A failure and its causes, of which there may be a circle. */
    static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(50);
    }

    private static String full(String where, String what) {
        return "Cannot write" + where + ": " + what
                + "; make room there, or choose another place, by noprop.run.dir for one";
    }

    /** The disks that have hardly any room, each after the word that leads to it; empty if none has so little any more. */
    private static String fullDisks() {
        return StreamSupport.stream(FileSystems.getDefault().getFileStores().spliterator(), false)
                .filter(ForeignErrors::isFull)
                .map(store -> " to " + store.toString().replaceFirst(" \\(.*", ""))
                .collect(Collectors.joining(" or"));
    }

    private static boolean isFull(FileStore store) {
        try {
            return !store.isReadOnly() && store.getTotalSpace() > 0 && store.getUsableSpace() < NEARLY_FULL;
        } catch (IOException e) {
            return false;
        }
    }

    private static String unknownScheme(String scheme) {
        String version = VersionInfo.getVersion();
        String packages =
                switch (scheme) {
                    case "s3a", "s3", "s3n" -> "org.apache.hadoop:hadoop-aws:" + version;
                    case "abfs", "abfss", "wasb", "wasbs", "azurebfs" -> "org.apache.hadoop:hadoop-azure:" + version;
                    case "gs" -> "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26";
                    default -> null;
                };
        return "There is no file system for addresses that begin with " + scheme + "://; "
                + (packages == null
                        ? "correct the address, or add the jar of that file system"
                        : "set SPARK_HOME and give spark-submit --packages " + packages
                                + " (NOPROP_SPARK_SUBMIT_OPTIONS), see conf/spark/README.md"
                                + (scheme.matches("s3n?") ? "; Hadoop's own scheme for S3 is s3a://" : ""));
    }

    private static String either(MatchResult found) {
        return Stream.iterate(1, group -> group <= found.groupCount(), group -> group + 1)
                .map(found::group)
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow();
    }

    private static long megabytes(String bytes) {
        return Long.parseLong(bytes) >> 20;
    }
}

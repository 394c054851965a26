package org.noprop.data;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a step of a file system again where its failure may pass, such as a name node that is away: after 0.1 s, then after
 * twice as long each time, up to 8 s, until {@value #SETTING} of the Hadoop settings is over (30 s unless set; 0 takes no
 * step again). What cannot pass, such as a missing file, a lack of rights or a full disk, ends it at once, and so does an
 * interrupt.
 */
public final class Retry {
    /** For how long a step is taken again, such as {@code 30s}. */
    public static final String SETTING = "noprop.retry.time";

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final long PATIENCE_MILLIS = 30_000;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 8_000;
    private static final List<Class<? extends IOException>> FINAL = List.of(
            AccessControlException.class,
            AccessDeniedException.class,
            FileAlreadyExistsException.class,
            java.nio.file.FileAlreadyExistsException.class,
            ParentNotDirectoryException.class,
            UnsupportedFileSystemException.class,
            ClusterStorageCapacityExceededException.class,
            ChecksumException.class,
            InterruptedIOException.class,
            ClosedByInterruptException.class);
    /** A disk tells these by the system's words alone. */
    private static final Pattern FINAL_WORDS = Pattern.compile("(?i)no space left|quota exceeded|permission denied"
            + "|read-only file system|not a directory|is a directory|file name too long|mkdirs failed"
            + "|failed_to_uncompress|decompression error");
    /** Which Java tells as a missing file. */
    private static final String TOO_MANY_OPEN = "Too many open files";

    private Retry() {}

    /** A step, which may be taken again after it has failed, or seemed to. */
    interface Step<T> {
        /**
         * Takes it.
         *
         * @param again whether it was tried before, so that it may be done already
         */
        T take(boolean again) throws IOException;
    }

    /**
     * The result of a step.
     *
     * @param what how the message of a failure begins: "Cannot read FILE"
     * @throws UncheckedIOException of the last failure, as its cause
     */
    static <T> T of(Configuration hadoop, String what, Step<T> step) {
        long patience = patience(hadoop).toMillis();
        long started = System.nanoTime();
        long pause = FIRST_PAUSE_MILLIS;
        for (boolean again = false; ; again = true) {
            try {
                return step.take(again);
            } catch (IOException | FSError e) {
                IOException failure = cause(e);
                long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                if (!mayPass(failure) || spent + pause > patience) {
                    throw failed(what, failure);
                }
                LOG.warn("{}: {}; trying again in {} ms", what, failure.getMessage(), pause);
                sleep(what, pause, failure);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    /** A failure with its reason, which names the file even where the file system's own words do not. */
    static UncheckedIOException failed(String what, IOException failure) {
        return new UncheckedIOException(what + ": " + failure.getMessage(), failure);
    }

    private static IOException cause(Throwable failure) {
        if (failure instanceof FSError && failure.getCause() instanceof IOException cause) {
            return cause;
        }
        if (failure instanceof RemoteException remote) {
            return remote.unwrapRemoteException();
        }
        return failure instanceof IOException e ? e : new IOException(failure);
    }

    /** For how long, as these settings say. */
    public static Duration patience(Configuration hadoop) {
        return Duration.ofMillis(hadoop.getTimeDuration(SETTING, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * Whether a failure of something larger than a step, such as a Spark job, came from one that may pass. A file that ends
     * too soon is taken for a damaged one.
     */
    public static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidInputException || cause instanceof EOFException) {
                return false;
            }
            if (cause instanceof IOException) {
                return mayPass(cause(cause));
            }
        }
        return false;
    }

    private static boolean mayPass(IOException failure) {
        if (Thread.currentThread().isInterrupted()
                || failure.getCause() instanceof InterruptedException
                || isMissing(failure)
                || (FINAL.stream().anyMatch(type -> type.isInstance(failure)) && !isTimeout(failure))) {
            return false;
        }
        String words = failure.getMessage();
        return words == null || !FINAL_WORDS.matcher(words).find();
    }

    /** A server that does not answer in time is no interrupt, though Java's class of it is one of those. */
    private static boolean isTimeout(IOException failure) {
        return failure instanceof SocketTimeoutException;
    }

    /** Whether there is no such file. */
    static boolean isMissing(Throwable failure) {
        return failure instanceof NoSuchFileException
                || (failure instanceof FileNotFoundException
                        && !String.valueOf(failure.getMessage()).contains(TOO_MANY_OPEN));
    }

    private static void sleep(String what, long millis, IOException failure) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(what, failure);
        }
    }
}

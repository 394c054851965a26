package org.noprop.data;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second job from a run's folder, or from a part of a run, while one works on it: {@code lock.json}, made in one atomic step, with
 * who made it, and a sign of life beside it for as long as they live. A lock that is not renewed any more is taken over.
 */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
    private static final String FILE = "lock.json";
    /** When the owner last said that it is alive. The lock itself is never replaced: on a local disk that takes two steps. */
    private static final String ALIVE = "lock.alive";
    /** Held by who takes over, for as long as that takes. */
    private static final String TAKEOVER = "lock.takeover";

    /** Renewals that may be late or fail before others take the lock for stale. */
    private static final int RENEWALS = 4;

    private final Folder folder;
    private final String title;
    private final String owner;
    private final ScheduledExecutorService renewals;
    private final Future<?> renewal;

    private RunLock(Folder folder, String title, String owner, Duration timeout) {
        this.folder = folder;
        this.title = title;
        this.owner = owner;
        this.renewals = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lock of " + title);
            thread.setDaemon(true);
            return thread;
        });
        long period = timeout.toMillis() / RENEWALS + 1;
        renewal = renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lock.
     *
     * @param title of what is locked, as messages start: "Run r1"
     * @param command what is going to work on the run
     * @param timeout after how much silence a lock counts as left behind
     * @throws InvalidInputException in one sentence, if another job works on the run
     */
    static RunLock acquire(Folder folder, String title, String command, Duration timeout) {
        LockRecord mine = new LockRecord(
                UUID.randomUUID().toString(),
                command,
                System.getProperty("user.name"),
                host(),
                ProcessHandle.current().pid(),
                now());
        if (!folder.writeNewText(FILE, Json.write(mine))) {
            takeOver(folder, title, mine, timeout);
        }
        return new RunLock(folder, title, mine.owner(), timeout);
    }

    /**
     * Requires that nobody holds the lock of a folder.
     *
     * @throws InvalidInputException in one sentence, if somebody does
     */
    static void requireFree(Folder folder, String title, Duration timeout) {
        leftBehind(folder, title, timeout);
    }

    /** Who takes over holds a second lock meanwhile, so that of two at once neither deletes what the other has made. */
    private static void takeOver(Folder folder, String title, LockRecord mine, Duration timeout) {
        leftBehind(folder, title, timeout);
        if (!folder.writeNewText(TAKEOVER, Json.write(mine))) {
            text(folder, TAKEOVER)
                    .flatMap(RunLock::parse)
                    .filter(other -> other.hasVanishedFrom(host())
                            || Duration.between(other.acquired(), now()).compareTo(timeout) > 0)
                    .ifPresent(dead -> folder.delete(TAKEOVER));
            throw beingLocked(title);
        }
        try {
            Optional<String> left = leftBehind(folder, title, timeout);
            if (left.isPresent()) {
                LOG.warn("{}: taking over the lock that was left behind by {}", title, left.get());
                folder.delete(FILE);
            }
            if (!folder.writeNewText(FILE, Json.write(mine))) {
                throw beingLocked(title);
            }
        } finally {
            folder.delete(TAKEOVER);
        }
    }

    /**
     * The lock that is there and nobody's any more, or that no job has written; nothing where there is none.
     *
     * @throws InvalidInputException if somebody holds it
     */
    private static Optional<String> leftBehind(Folder folder, String title, Duration timeout) {
        Optional<String> text = text(folder, FILE);
        text.flatMap(RunLock::parse).ifPresent(other -> {
            Duration silence = silence(folder, other);
            if (silence.compareTo(timeout) <= 0 && !other.hasVanishedFrom(host())) {
                throw refusal(title, other, silence);
            }
        });
        return text;
    }

    private static InvalidInputException beingLocked(String title) {
        return new InvalidInputException(title + " is being locked by another job at this moment; try again");
    }

    private static Duration silence(Folder folder, LockRecord lock) {
        Instant alive = lock.acquired();
        if (folder.has(ALIVE)) {
            try {
                Instant said = Instant.parse(folder.readText(ALIVE));
                alive = said.isAfter(alive) ? said : alive;
            } catch (UncheckedIOException | DateTimeParseException e) {
                LOG.debug("The lock is being renewed", e);
                return Duration.ZERO;
            }
        }
        Duration silence = Duration.between(alive, now());
        return silence.isNegative() ? Duration.ZERO : silence;
    }

    private static InvalidInputException refusal(String title, LockRecord lock, Duration silence) {
        return new InvalidInputException(title + " is in use: " + lock.command() + " of " + lock.user()
                + " on " + lock.host() + " (process " + lock.pid() + ") has worked on it for "
                + Duration.between(lock.acquired(), now()).toSeconds() + " s and was alive " + silence.toSeconds()
                + " s ago; wait until it ends, or give another --run-id");
    }

    private static Optional<String> text(Folder folder, String file) {
        try {
            return Optional.of(folder.readText(file));
        } catch (UncheckedIOException e) {
            if (folder.has(file)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Optional<LockRecord> parse(String text) {
        try {
            return Optional.of(Json.read(text, LockRecord.class, FILE));
        } catch (InvalidInputException e) {
            LOG.warn("Passing over a lock that no job has written: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void renew() {
        try {
            if (isMine()) {
                folder.writeText(ALIVE, now().toString());
            } else {
                LOG.error("{}: the lock was taken over by another job; end one of the two", title);
                renewals.shutdown();
            }
        } catch (UncheckedIOException e) {
            LOG.warn("{}: cannot renew the lock: {}", title, e.getMessage());
        }
    }

    private boolean isMine() {
        return text(folder, FILE)
                .flatMap(RunLock::parse)
                .filter(lock -> lock.owner().equals(owner))
                .isPresent();
    }

    /** Lets go of the run. */
    @Override
    public void close() {
        renewal.cancel(false);
        renewals.shutdown();
        try {
            if (renewals.awaitTermination(1, TimeUnit.MINUTES) && isMine()) {
                folder.delete(ALIVE);
                folder.delete(FILE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}

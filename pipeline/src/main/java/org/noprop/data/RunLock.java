package org.noprop.data;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
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
 * Keeps a second job from a run's folder while one works on it: {@code lock.json}, made in one atomic step, with
 * who made it, and renewed for as long as they live. A lock that is not renewed any more is taken over.
 */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);
    private static final String FILE = "lock.json";
    /** Renewals that may be late or fail before others take the lock for stale. */
    private static final int RENEWALS = 4;
    /** How long the making of a lock may take, in which it is there and not readable yet. */
    private static final Duration BEING_MADE = Duration.ofSeconds(10);

    private final Folder folder;
    private final String owner;
    private final ScheduledExecutorService renewals;
    private final Future<?> renewal;

    private RunLock(Folder folder, String owner, Duration timeout) {
        this.folder = folder;
        this.owner = owner;
        this.renewals = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lock of " + folder.name());
            thread.setDaemon(true);
            return thread;
        });
        long period = timeout.toMillis() / RENEWALS + 1;
        renewal = renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lock.
     *
     * @param command what is going to work on the run
     * @param timeout after how much silence a lock counts as left behind
     * @throws InvalidInputException in one sentence, if another job works on the run
     */
    static RunLock acquire(Folder folder, String command, Duration timeout) {
        Instant now = now();
        LockRecord mine = new LockRecord(
                UUID.randomUUID().toString(),
                command,
                System.getProperty("user.name"),
                host(),
                ProcessHandle.current().pid(),
                now,
                now);
        if (!folder.writeNewText(FILE, Json.write(mine))) {
            takeOver(folder, mine, timeout);
        }
        return new RunLock(folder, mine.owner(), timeout);
    }

    /** Of two who take over at once, the one who wrote last has it; the other sees that now, or when it renews. */
    private static void takeOver(Folder folder, LockRecord mine, Duration timeout) {
        Optional<LockRecord> other = read(folder);
        if (other.isPresent() && !isStale(other.get(), timeout)) {
            throw refusal(folder, other.get());
        }
        other.ifPresent(left -> LOG.warn(
                "Taking over the lock of {}: {} on {} (process {}) has said nothing for {} s",
                folder.name(),
                left.command(),
                left.host(),
                left.pid(),
                left.silence(now()).toSeconds()));
        folder.writeText(FILE, Json.write(mine));
        LockRecord written = read(folder).orElse(mine);
        if (!written.owner().equals(mine.owner())) {
            throw refusal(folder, written);
        }
    }

    private static boolean isStale(LockRecord lock, Duration timeout) {
        return lock.silence(now()).compareTo(timeout) > 0 || lock.hasVanishedFrom(host());
    }

    private static InvalidInputException refusal(Folder folder, LockRecord lock) {
        Instant now = now();
        return new InvalidInputException("Run " + folder.name() + " is in use: " + lock.command() + " of " + lock.user()
                + " on " + lock.host() + " (process " + lock.pid() + ") has worked on it for "
                + Duration.between(lock.acquired(), now).toSeconds() + " s and was alive "
                + Math.max(0, lock.silence(now).toSeconds())
                + " s ago; wait until it ends, or give another --run-id");
    }

    /** Nothing where there is no lock, or one whose making was cut short. */
    private static Optional<LockRecord> read(Folder folder) {
        try {
            return folder.has(FILE)
                    ? Optional.of(Json.read(
                            folder.readText(FILE),
                            LockRecord.class,
                            folder.file(FILE).toString()))
                    : Optional.empty();
        } catch (InvalidInputException e) {
            if (folder.age(FILE).compareTo(BEING_MADE) < 0) {
                throw new InvalidInputException(
                        "Run " + folder.name() + " is being locked by another job at this moment; try again", e);
            }
            LOG.warn("Passing over a lock that was cut short: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void renew() {
        try {
            Optional<LockRecord> held = read(folder).filter(lock -> lock.owner().equals(owner));
            if (held.isPresent()) {
                folder.writeText(FILE, Json.write(held.get().aliveAt(now())));
            } else {
                LOG.error("The lock of run {} was taken over by another job; end one of the two", folder.name());
                renewals.shutdown();
            }
        } catch (UncheckedIOException e) {
            LOG.warn("Cannot renew the lock of run {}: {}", folder.name(), e.getMessage());
        }
    }

    /** Lets go of the run. */
    @Override
    public void close() {
        renewal.cancel(false);
        renewals.shutdown();
        try {
            if (renewals.awaitTermination(1, TimeUnit.MINUTES)
                    && read(folder).filter(lock -> lock.owner().equals(owner)).isPresent()) {
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

package org.noprop.data;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.noprop.data.LockPlace.Listed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other jobs from a folder, or from some parts of it, while one works on it. A lock that is not renewed any more is
 * taken over, and who finds its lock taken over is told to stop.
 *
 * <p>Who wants the lock writes a claim, {@code lock.ID.json}, under a name that nobody else uses, and then lists the folder.
 * Of two, the one whose claim came second sees the first's, whoever lists first: no two find themselves alone. Who is alone
 * has the lock and says so by {@code lock.ID.alive}, which it renews for as long as it lives. Of several that meet before
 * one has it, the smallest ID waits and the others withdraw, so that one goes on.
 *
 * <p>This relies on two properties of a file system, and on no atomic creation or rename: a claim appears with its whole
 * content, and a listing shows every claim that was finished before. Local disks, HDFS and object stores (S3 since
 * December 2020, Google's, Azure's) have both. How long an owner has been silent is told by the file system's clock alone,
 * its last sign of life beside the claim that was just written: the clocks of two hosts are never compared. The process
 * of an owner is asked for only where its number means the same, see {@link LockRecord}.
 */
public final class RunLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

    /** Renewals that may be late or fail before others take the lock for stale. */
    private static final int RENEWALS = 4;

    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;
    private static final long STOPPING_MILLIS = 1000;

    private final LockPlace place;
    private final LockRecord mine;
    private final Duration timeout;
    private final ScheduledExecutorService renewals;
    private final List<Future<?>> repeated;
    private volatile boolean lost;
    private volatile Runnable whenLost = () -> {};

    private RunLock(LockPlace place, LockRecord mine, Duration timeout) {
        this.place = place;
        this.mine = mine;
        this.timeout = timeout;
        this.renewals = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lock of " + place.title());
            thread.setDaemon(true);
            return thread;
        });
        long period = timeout.toMillis() / RENEWALS + 1;
        repeated = List.of(
                renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS),
                renewals.scheduleWithFixedDelay(
                        this::stopIfLost, STOPPING_MILLIS, STOPPING_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * Takes the lock of a folder that must not be there before the job makes it; the lock's files lie beside it.
     *
     * @param folder a path of any Hadoop file system
     * @param option which names the folder, for messages
     * @param command what is going to write it
     * @param timeout after how much silence a lock counts as left behind
     * @throws InvalidInputException in one sentence, if another job is writing it
     */
    public static RunLock beside(Configuration hadoop, String folder, String option, String command, Duration timeout) {
        LockPlace place = LockPlace.beside(Folder.of(hadoop, folder), "give another " + option);
        return acquire(place, List.of(), command, timeout, false);
    }

    /**
     * Takes the lock.
     *
     * @param parts what to keep others from, by names that they use too; none for all there is
     * @param command what is going to work there
     * @param timeout after how much silence a lock counts as left behind
     * @param waits whether to wait until it is free
     * @throws InvalidInputException in one sentence, if another job holds it and {@code waits} is not given
     */
    static RunLock acquire(LockPlace place, List<String> parts, String command, Duration timeout, boolean waits) {
        boolean told = false;
        while (true) {
            LockRecord mine = LockRecord.of(UUID.randomUUID().toString(), command, parts);
            Claim claim = new Claim(place, mine, timeout);
            Optional<Other> inTheWay = claim.make();
            if (inTheWay.isEmpty()) {
                return new RunLock(place, mine, timeout);
            }
            Other other = inTheWay.get();
            if (other.listed().isHeld() && !waits) {
                throw new InvalidInputException(claim.occupied(other) + "; wait until it ends, or " + place.advice());
            }
            if (other.listed().isHeld() && !told) {
                LOG.info("{} waits: {}", command, claim.occupied(other));
                told = true;
            }
            claim.awaitChange(other.listed());
        }
    }

    /** Somebody else's claim that this one cannot be held beside; without a record where no job of ours has written it. */
    private record Other(Listed listed, Optional<LockRecord> record, long silenceMillis, long workedMillis) {}

    /** One try to get the lock. */
    private static final class Claim {
        private final LockPlace place;
        private final LockRecord mine;
        private final Duration timeout;
        /** Claims never change. */
        private final Map<String, Optional<LockRecord>> records = new HashMap<>();
        /** The last sign of life of each that was silent for too long at the last look. */
        private final Map<String, Long> suspects = new HashMap<>();

        private long writtenNanos;

        Claim(LockPlace place, LockRecord mine, Duration timeout) {
            this.place = place;
            this.mine = mine;
            this.timeout = timeout;
        }

        /** Gets the lock, or says who is in the way and has withdrawn then. */
        Optional<Other> make() {
            try {
                place.claim(mine);
                writtenNanos = System.nanoTime();
                Optional<Other> inTheWay = settle();
                if (inTheWay.isPresent()) {
                    withdraw(place, mine, timeout);
                }
                return inTheWay;
            } catch (RuntimeException | Error e) {
                withdraw(place, mine, timeout);
                throw e;
            }
        }

        /** Waits until this claim is alone, or another is held or goes before. */
        private Optional<Other> settle() {
            Pause pause = new Pause();
            while (true) {
                SortedMap<String, Listed> listed = place.list();
                Listed own = listed.remove(mine.owner());
                if (own == null) {
                    return Optional.of(takenForDead());
                }
                List<Other> others = others(listed, own.written() + sinceWritten());
                List<Other> dead = others.stream().filter(this::isDead).toList();
                dead.forEach(this::bury);
                Optional<Other> first = others.stream()
                        .filter(other -> !suspects.containsKey(other.listed().id()))
                        .filter(other ->
                                other.listed().isHeld() || other.listed().id().compareTo(mine.owner()) < 0)
                        .findFirst();
                if (first.isPresent()) {
                    return first;
                }
                if (others.isEmpty()) {
                    place.giveSignOfLife(mine.owner());
                    return place.hasClaim(mine.owner()) ? Optional.empty() : Optional.of(takenForDead());
                }
                pause.next();
            }
        }

        private long sinceWritten() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - writtenNanos);
        }

        /** This very claim, which somebody has deleted because this process said nothing for too long. */
        private Other takenForDead() {
            return new Other(new Listed(mine.owner(), 0, 0), Optional.of(mine), sinceWritten(), sinceWritten());
        }

        private List<Other> others(SortedMap<String, Listed> listed, long now) {
            List<Other> others = new ArrayList<>();
            for (Listed claim : listed.values()) {
                Optional<LockRecord> record = records.computeIfAbsent(claim.id(), place::read);
                boolean withdrawn = record.isEmpty() && !place.hasClaim(claim.id());
                if (!withdrawn && record.map(mine::conflictsWith).orElse(true)) {
                    long silence = Math.max(0, now - claim.lastSign());
                    others.add(new Other(claim, record, silence, Math.max(silence, now - claim.written())));
                }
            }
            return others;
        }

        /** Who is silent must be so at two looks: a sign of life may be missing for a moment while it is replaced. */
        private boolean isDead(Other other) {
            String id = other.listed().id();
            long sign = other.listed().lastSign();
            boolean vanished = other.record()
                    .filter(record -> record.hasVanishedFrom(mine))
                    .isPresent();
            if (!vanished && other.silenceMillis() <= timeout.toMillis()) {
                suspects.remove(id);
                return false;
            }
            Long before = suspects.put(id, sign);
            return vanished || (before != null && before == sign);
        }

        private void bury(Other dead) {
            String id = dead.listed().id();
            LOG.warn(
                    "{}: taking over the lock that was left behind by {}",
                    place.titleFirst(),
                    dead.record().map(Record::toString).orElse(id));
            place.delete(id);
        }

        /** Waits until a claim has ended or is held, but looks again in time to see that its owner has fallen silent. */
        void awaitChange(Listed other) {
            long until = System.nanoTime() + timeout.toNanos() / RENEWALS;
            Pause pause = new Pause();
            do {
                pause.next();
                Listed now = place.list().get(other.id());
                if (now == null || now.isHeld() != other.isHeld()) {
                    return;
                }
            } while (System.nanoTime() < until);
        }

        /** Who works where this claim wants to. */
        String occupied(Other other) {
            String since = " has worked on it for " + other.workedMillis() / 1000 + " s and was alive "
                    + other.silenceMillis() / 1000 + " s ago";
            return other.record()
                    .map(record -> shared(record) + " is in use: " + record.command() + " of " + record.user() + " on "
                            + record.host() + " (process " + record.pid() + ")" + since)
                    .orElseGet(() -> place.titleFirst() + " is in use: a job that another version has started" + since);
        }

        private String shared(LockRecord other) {
            return other.parts().stream()
                    .filter(part -> mine.parts().isEmpty() || mine.parts().contains(part))
                    .findFirst()
                    .map(part -> "The part " + part + " of " + place.title())
                    .orElse(place.titleFirst());
        }
    }

    private void renew() {
        if (lost) {
            return;
        }
        try {
            place.giveSignOfLife(mine.owner());
            if (!place.hasClaim(mine.owner())) {
                lost = true;
                LOG.error("{}", lossSentence());
                stopIfLost();
                place.delete(mine.owner());
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: cannot renew the lock now, and will try again: {}", place.titleFirst(), e.getMessage());
        }
    }

    /** Again and again, as a job may begin something new before it notices. */
    private void stopIfLost() {
        if (lost) {
            try {
                whenLost.run();
            } catch (RuntimeException e) {
                LOG.warn("{}: cannot stop the job now, and will try again: {}", place.titleFirst(), e.getMessage());
            }
        }
    }

    /** Calls {@code stop}, from a thread of the lock's and until it is closed, once another job has taken it over. */
    public void whenLost(Runnable stop) {
        whenLost = stop;
    }

    /** Whether another job has taken it over. */
    public boolean isLost() {
        return lost;
    }

    /**
     * Requires that no other job has taken the lock over.
     *
     * @throws InvalidInputException in one sentence, if one has
     */
    public void requireHeld() {
        if (lost) {
            throw new InvalidInputException(lossSentence());
        }
    }

    private String lossSentence() {
        return place.titleFirst()
                + " was taken over by another job after this one had given no sign of life for more than "
                + timeout.toSeconds() + " s; " + mine.command() + " (process " + mine.pid()
                + ") has stopped, so wait until the other ends and start it again";
    }

    /** Lets go. A lock that cannot be deleted now is logged, and counts as left behind before long. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        repeated.forEach(task -> task.cancel(false));
        renewals.shutdown();
        try {
            if (!renewals.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("{}: a renewal of the lock hangs", place.titleFirst());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        withdraw(place, mine, timeout);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void withdraw(LockPlace place, LockRecord mine, Duration timeout) {
        try {
            place.delete(mine.owner());
        } catch (RuntimeException e) {
            LOG.warn(
                    "{}: cannot delete the lock, which counts as left behind after {} s: {}",
                    place.titleFirst(),
                    timeout.toSeconds(),
                    e.getMessage());
        }
    }

    /** Waits longer from time to time. */
    private static final class Pause {
        private long millis = SHORTEST_PAUSE_MILLIS;

        void next() {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for a lock", e);
            }
            millis = Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
        }
    }
}

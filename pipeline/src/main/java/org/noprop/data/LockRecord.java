package org.noprop.data;

import java.time.Duration;
import java.time.Instant;

/**
 * Who works on a run: the content of its {@code lock.json}.
 *
 * @param owner names one job of one process
 * @param command what it runs
 * @param user who started it
 * @param host where it runs
 * @param pid its process there
 * @param acquired when it began
 * @param alive when it last said that it is alive
 */
public record LockRecord(
        String owner, String command, String user, String host, long pid, Instant acquired, Instant alive) {

    LockRecord aliveAt(Instant now) {
        return new LockRecord(owner, command, user, host, pid, acquired, now);
    }

    /** How long ago it said that it is alive. */
    Duration silence(Instant now) {
        return Duration.between(alive, now);
    }

    /** Whether it ran on this host and has ended, without a word. */
    boolean hasVanishedFrom(String here) {
        return host.equals(here)
                && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}

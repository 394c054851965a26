package org.noprop.data;

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
 */
record LockRecord(String owner, String command, String user, String host, long pid, Instant acquired) {

    /** Whether it ran on this host and has ended, without a word. */
    boolean hasVanishedFrom(String here) {
        return host.equals(here)
                && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }
}

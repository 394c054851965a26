package org.noprop.data;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Who asks for a lock: the content of a {@link RunLock}'s claim.
 *
 * @param owner names one lock of one process
 * @param command what it runs
 * @param parts what it wants to keep others from; none for all there is
 * @param user who started it
 * @param host the name of its host, for people: containers may share one
 * @param machine what its process number counts in: a boot of a kernel and a namespace of processes; empty where unknown
 * @param pid its process there
 * @param processStart when the process started, in the kernel's ticks since that boot; 0 where unknown
 * @param acquired when it began, by its own clock, which others compare with nothing
 */
record LockRecord(
        String owner,
        String command,
        List<String> parts,
        String user,
        String host,
        String machine,
        long pid,
        long processStart,
        Instant acquired) {
    private static final Path PROC = Path.of("/proc");
    private static final long ENDED = -1;
    private static final long UNKNOWN = 0;
    /** Of the words after the name in {@code /proc/PID/stat}: the state, and the start in ticks since boot. */
    private static final int STATE = 0;

    private static final int START = 19;

    LockRecord {
        parts = List.copyOf(parts);
    }

    /** The record of this process. */
    static LockRecord of(String owner, String command, List<String> parts) {
        long pid = ProcessHandle.current().pid();
        return new LockRecord(
                owner,
                command,
                parts,
                System.getProperty("user.name"),
                hostName(),
                machine(pid),
                pid,
                Math.max(startOf(pid), UNKNOWN),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Whether both cannot be held at once. */
    boolean conflictsWith(LockRecord other) {
        return parts.isEmpty() || other.parts.isEmpty() || parts.stream().anyMatch(other.parts::contains);
    }

    /**
     * Whether its process has ended without a word. Only another process of the same machine and user can know: in other
     * containers the same number is another process, and other users' processes may be hidden.
     */
    boolean hasVanishedFrom(LockRecord here) {
        if (machine.isEmpty() || !machine.equals(here.machine) || !user.equals(here.user)) {
            return false;
        }
        long start = startOf(pid);
        return start == ENDED || (start != UNKNOWN && processStart != UNKNOWN && start != processStart);
    }

    /** Numbers of processes mean the same where both the boot and the namespace of processes are the same. */
    private static String machine(long pid) {
        try {
            if (!Files.readSymbolicLink(PROC.resolve("self")).toString().equals(Long.toString(pid))) {
                return "";
            }
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return "";
        }
    }

    /** When a process of this machine started; {@link #ENDED} also for one that only waits for its parent to notice. */
    private static long startOf(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return words[STATE].matches("[ZXx]") ? ENDED : Long.parseLong(words[START]);
        } catch (NoSuchFileException e) {
            return Files.isDirectory(PROC.resolve("self")) ? ENDED : UNKNOWN;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return UNKNOWN;
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}

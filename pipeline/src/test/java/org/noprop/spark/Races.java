package org.noprop.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.ConfigReader;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.data.RunRecord;
import org.noprop.data.Split;

/** Several who want the same thing at once, on any file system. */
public final class Races {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int RACERS = 4;
    private static final long NO_PROCESS = 1L << 40;

    private final SparkSession session;
    private final Configuration hadoop;
    private final String folder;

    /** Races below a folder. */
    public Races(SparkSession session, String folder) {
        this.session = session;
        this.hadoop = session.sparkContext().hadoopConfiguration();
        this.folder = folder;
    }

    /** What several want at once. */
    public enum Kind {
        /** The lock of a run. */
        LOCK,
        /** The lock of a run, one after the other. */
        TURNS,
        /** The lock of a run whose owner is gone. */
        STALE,
        /** A run that is not there yet. */
        RUN,
        /** Embeddings in one folder. */
        EMBEDDINGS,
        /** A file. */
        FILE
    }

    /**
     * How a race ended.
     *
     * @param kind of the race
     * @param holders the most that held at once what one may hold, or all in all made what one may make
     * @param wentOn how many got what they wanted, or found it made
     * @param refusals what the others were told
     * @param traces what else was thrown
     */
    public record Outcome(Kind kind, int holders, int wentOn, List<String> refusals, List<Throwable> traces) {
        /** Whether one had it, and the others went on after it or were told who has it. */
        public boolean isRight() {
            return holders == 1
                    && traces.isEmpty()
                    && switch (kind) {
                        case LOCK, STALE, EMBEDDINGS -> wentOn == 1
                                && refusals.stream()
                                        .allMatch(sentence ->
                                                sentence.contains(" is in use: ") || sentence.contains(" already in "));
                        case TURNS, RUN, FILE -> refusals.isEmpty();
                    };
        }
    }

    /** Lets them run; a number names what they want. */
    public Outcome run(Kind kind, int number) throws Exception {
        String id = kind.name().toLowerCase(Locale.ROOT) + "-" + number;
        return switch (kind) {
            case LOCK -> lock(kind, id);
            case TURNS -> turns(id);
            case STALE -> {
                leaveBehind(id);
                yield lock(kind, id);
            }
            case RUN -> newRun(id);
            case EMBEDDINGS -> embeddings(id);
            case FILE -> file(id);
        };
    }

    /** Who has something. */
    private static final class Held {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void take() {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
        }

        void letGo() {
            now.decrementAndGet();
        }
    }

    private static Outcome race(Kind kind, Held held, Callable<?> racer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        CyclicBarrier start = new CyclicBarrier(RACERS);
        try {
            List<Future<Object>> all = IntStream.range(0, RACERS)
                    .mapToObj(i -> threads.submit(() -> {
                        start.await();
                        return (Object) racer.call();
                    }))
                    .toList();
            int wentOn = 0;
            List<String> refusals = new ArrayList<>();
            List<Throwable> traces = new ArrayList<>();
            for (Future<Object> one : all) {
                try {
                    one.get();
                    wentOn++;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof InvalidInputException refusal) {
                        refusals.add(refusal.getMessage());
                    } else {
                        traces.add(e.getCause());
                    }
                }
            }
            return new Outcome(kind, held.most.get(), wentOn, refusals, traces);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Who gets it keeps it until all others have been told. */
    private Outcome lock(Kind kind, String id) throws Exception {
        RunFolder run = RunFolder.create(hadoop, folder, id);
        Held held = new Held();
        CountDownLatch refused = new CountDownLatch(RACERS - 1);
        return race(kind, held, () -> {
            try (RunLock lock = run.lock("train-blocks", MINUTE)) {
                held.take();
                refused.await();
                lock.requireHeld();
                return run;
            } finally {
                refused.countDown();
            }
        });
    }

    private Outcome turns(String id) throws Exception {
        RunFolder run = RunFolder.create(hadoop, folder, id);
        Held held = new Held();
        return race(Kind.TURNS, held, () -> {
            try (RunLock lock = run.lockWhenFree("train-blocks", MINUTE)) {
                held.take();
                lock.requireHeld();
                held.letGo();
                return run;
            }
        });
    }

    /** The lock of a process of this machine that is not there. */
    private void leaveBehind(String id) {
        RunFolder run = RunFolder.create(hadoop, folder, id);
        String claim;
        try (RunLock lock = run.lock("train-blocks", MINUTE)) {
            lock.requireHeld();
            claim = run.readText(run.list(".").stream()
                    .filter(name -> name.endsWith(".json"))
                    .findFirst()
                    .orElseThrow());
        }
        String gone = claim.replaceFirst("\"pid\" : \\d+", "\"pid\" : " + NO_PROCESS)
                .replaceFirst(",\\s*\"checksum\" : \"\\w+\"", "");
        run.writeText("lock.gone.json", gone);
        run.writeText("lock.gone.alive", "");
    }

    private Outcome newRun(String id) throws Exception {
        Held held = new Held();
        return race(Kind.RUN, held, () -> {
            RunFolder.make(hadoop, folder, id, MINUTE, run -> {
                held.take();
                run.writeText("config/effective.conf", id);
                return record(id);
            });
            RunFolder run = RunFolder.open(hadoop, folder, id);
            if (!run.record().equals(record(id))) {
                throw new AssertionError("half a record");
            }
            return run;
        });
    }

    private static RunRecord record(String id) {
        Instant start = Instant.parse("2025-03-01T10:00:00Z");
        return new RunRecord(id, "small", "c0ffee", 1, "f1n9e7", RunRecord.Status.RUNNING, start, start, Map.of());
    }

    private Outcome embeddings(String id) throws Exception {
        NoPropConfig config = ConfigReader.read(
                "races",
                List.of(
                        "data.digits.train=40",
                        "data.digits.test=10",
                        "run.dir=" + folder,
                        "data.embeddings=" + folder + "/" + id));
        Held held = new Held();
        Outcome outcome = race(Kind.EMBEDDINGS, held, () -> {
            new PreprocessJob(session, config).run(false);
            held.take();
            return id;
        });
        EmbeddingFolder.open(hadoop, config.data().embeddings()).read(Split.TRAIN);
        return outcome;
    }

    /** Each writes its own and then finds its own or another's, whole. */
    private Outcome file(String id) throws Exception {
        RunFolder run = RunFolder.create(hadoop, folder, id);
        Held held = new Held();
        held.take();
        Set<String> texts = IntStream.range(0, RACERS)
                .mapToObj(i -> String.valueOf((char) ('a' + i)).repeat(20_000))
                .collect(Collectors.toSet());
        List<String> all = new ArrayList<>(texts);
        AtomicInteger next = new AtomicInteger();
        return race(Kind.FILE, held, () -> {
            String mine = all.get(next.getAndIncrement());
            for (int i = 0; i < 5; i++) {
                run.writeText("run.json", mine);
                String found = run.readText("run.json");
                if (!texts.contains(found)) {
                    throw new AssertionError("half a file: "
                            + Arrays.toString(found.chars().distinct().toArray()));
                }
            }
            return run;
        });
    }
}

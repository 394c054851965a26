package org.noprop.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.noprop.network.Block;
import org.noprop.tensor.NativeBackend;

/**
 * Counts the training steps of one block and of two blocks side by side, in threads of one JVM, as two
 * tasks of one executor do. Prints one line a round: steps a second of one, of both, and their ratio.
 *
 * <p>Arguments: what {@link Workload#imagePart} takes; rounds; seconds of a measurement.
 */
public final class SideBySideBenchmark {
    private static final int WARM_UP = 20;

    private SideBySideBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        String input = arguments[0];
        int rounds = Integer.parseInt(arguments[1]);
        long nanos = Long.parseLong(arguments[2]) * 1_000_000_000;
        NativeBackend.load();
        for (int round = 1; round <= rounds; round++) {
            double one = stepsPerSecond(input, 1, nanos);
            double two = stepsPerSecond(input, 2, nanos);
            System.out.printf(
                    Locale.ROOT, "%s: one block %.2f steps/s, two %.2f, ratio %.2f%n", input, one, two, two / one);
        }
    }

    private static double stepsPerSecond(String input, int blocks, long nanos) throws Exception {
        CountDownLatch warm = new CountDownLatch(blocks);
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            tasks.add(() -> train(input, warm, nanos));
        }
        ExecutorService threads = Executors.newFixedThreadPool(blocks);
        try {
            double sum = 0;
            for (Future<Double> rate : threads.invokeAll(tasks)) {
                sum += rate.get();
            }
            return sum;
        } finally {
            threads.shutdown();
        }
    }

    /** Steps a second of one block, measured once all are warm. */
    private static double train(String input, CountDownLatch warm, long nanos) throws InterruptedException {
        Workload workload = new Workload(Workload.imagePart(input).components());
        try (Block block = Workload.block(input)) {
            for (int i = 0; i < WARM_UP; i++) {
                workload.step(block);
            }
            warm.countDown();
            warm.await();
            long start = System.nanoTime();
            int steps = 0;
            while (System.nanoTime() - start < nanos) {
                workload.step(block);
                steps++;
            }
            return steps * 1e9 / (System.nanoTime() - start);
        }
    }
}

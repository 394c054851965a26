package org.noprop.benchmark;

import java.util.Locale;
import org.noprop.network.Block;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.ProcessMemory;

/**
 * Reports by how much the process grows over many training steps of a block, after a warm-up. Linux only.
 * Start it with a fixed heap that is in memory from the start ({@code -Xms256m -Xmx256m
 * -XX:+AlwaysPreTouch}), so that what grows is native.
 *
 * <p>Arguments: cifar10, mnist or the width of an image embedding; warm-up steps; steps.
 */
public final class SteadyStateBenchmark {
    private static final int PARTS = 8;

    private SteadyStateBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        String input = arguments[0];
        int warmUp = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        NativeBackend.load();
        Workload workload = new Workload(Workload.imagePart(input).components());
        try (Block block = Workload.block(input)) {
            train(workload, block, warmUp);
            long before = ProcessMemory.residentAfterCollection();
            long after = before;
            for (int part = 1; part <= PARTS; part++) {
                train(workload, block, steps * part / PARTS - steps * (part - 1) / PARTS);
                after = ProcessMemory.residentAfterCollection();
                System.out.printf(
                        Locale.ROOT, "%s: %.1f MB after %d more steps%n", input, after / 1e6, steps * part / PARTS);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.1f MB after %d steps, %.1f MB after %d more: %+.2f %%%n",
                    input,
                    before / 1e6,
                    warmUp,
                    after / 1e6,
                    steps,
                    100.0 * (after - before) / before);
        }
    }

    private static void train(Workload workload, Block block, int steps) {
        for (int i = 0; i < steps; i++) {
            workload.step(block);
        }
    }
}

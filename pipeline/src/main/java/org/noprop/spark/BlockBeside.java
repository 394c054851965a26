package org.noprop.spark;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.noprop.network.Block;

/** A block that makes steps beside another one, in a thread of its own, which also makes and closes it. */
final class BlockBeside implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Block> block;
    private final CompletableFuture<StepWalk> walk;

    /**
     * A block.
     *
     * @param make makes it
     * @param walk its way through the training rows
     */
    BlockBeside(Supplier<Block> make, Function<Block, StepWalk> walk) {
        this.block = CompletableFuture.supplyAsync(make, thread);
        this.walk = block.thenApplyAsync(walk, thread);
    }

    /** Begins with the steps that fit into so many seconds, after those that it was asked for before. */
    CompletableFuture<StepWalk.Timed> timed(double seconds) {
        return walk.thenApplyAsync(steps -> steps.timed(seconds), thread);
    }

    /** Waits for its steps to end, and closes the block. */
    @Override
    public void close() {
        try {
            block.thenAcceptAsync(Block::close, thread).join();
        } finally {
            thread.shutdown();
        }
    }
}

package org.noprop.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.noprop.network.Block;

/** Where blocks stay between two uses: nowhere, so that one at a time is in memory, or here until it is closed. */
final class Shelf implements AutoCloseable {
    private final Optional<Map<Integer, Block>> kept;

    private Shelf(Optional<Map<Integer, Block>> kept) {
        this.kept = kept;
    }

    /** No shelf: a block is read each time, and closed after it. */
    static Shelf none() {
        return new Shelf(Optional.empty());
    }

    /** An empty shelf: a block is read once. */
    static Shelf empty() {
        return new Shelf(Optional.of(new HashMap<>()));
    }

    /** Lends blocks by their numbers. */
    interface Lender {
        /** Hands block b to {@code use} and takes it back. */
        void lend(int b, Consumer<Block> use);
    }

    /**
     * Lends what {@code read} makes.
     *
     * @param read makes the block of a number, with its weights
     */
    Lender lender(IntFunction<Block> read) {
        if (kept.isEmpty()) {
            return (b, use) -> {
                try (Block block = read.apply(b)) {
                    use.accept(block);
                }
            };
        }
        Map<Integer, Block> blocks = kept.get();
        return (b, use) -> {
            if (!blocks.containsKey(b)) {
                blocks.put(b, read.apply(b));
            }
            use.accept(blocks.get(b));
        };
    }

    @Override
    public void close() {
        kept.ifPresent(blocks -> blocks.values().forEach(Block::close));
    }
}

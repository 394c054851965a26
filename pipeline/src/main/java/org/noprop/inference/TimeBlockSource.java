package org.noprop.inference;

import java.util.List;
import java.util.function.Consumer;
import org.noprop.network.TimeBlock;

/** Where the blocks of a {@link TimeModel} come from; it uses them one after the other, block 1 first. */
@FunctionalInterface
public interface TimeBlockSource {

    /**
     * Hands block b to {@code use} and takes it back when that returns.
     *
     * @param b 1 … B
     * @param use what needs the block; it keeps no reference to it
     */
    void lend(int b, Consumer<TimeBlock> use);

    /**
     * Blocks that are in memory already and stay there.
     *
     * @param blocks block 1 … block B; closing them is left to the caller
     */
    static TimeBlockSource of(List<? extends TimeBlock> blocks) {
        List<TimeBlock> copy = List.copyOf(blocks);
        return (b, use) -> use.accept(copy.get(b - 1));
    }
}

package org.noprop.inference;

import java.util.List;
import java.util.function.Consumer;
import org.noprop.network.Denoiser;

/**
 * Where the blocks of a model come from. The chain uses them one after the other, block 1 first, over
 * all rows, so that a source may hold one block at a time in memory.
 */
@FunctionalInterface
public interface BlockSource {

    /**
     * Hands block t to {@code use} and takes it back when that returns.
     *
     * @param t 1 … T
     * @param use what needs the block; it keeps no reference to it
     */
    void lend(int t, Consumer<Denoiser> use);

    /**
     * Blocks that are in memory already and stay there.
     *
     * @param blocks block 1 … block T; closing them is left to the caller
     */
    static BlockSource of(List<? extends Denoiser> blocks) {
        List<Denoiser> copy = List.copyOf(blocks);
        return (t, use) -> use.accept(copy.get(t - 1));
    }
}

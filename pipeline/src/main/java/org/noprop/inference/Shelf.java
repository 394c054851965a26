package org.noprop.inference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.noprop.tensor.Trainable;

/** Where networks stay between two uses: nowhere, so that one at a time is in memory, or here until it is closed. */
final class Shelf implements AutoCloseable {
    private final Optional<List<Trainable>> kept;

    private Shelf(Optional<List<Trainable>> kept) {
        this.kept = kept;
    }

    /** No shelf: a network is read each time, and closed after it. */
    static Shelf none() {
        return new Shelf(Optional.empty());
    }

    /** An empty shelf: a network is read once. */
    static Shelf empty() {
        return new Shelf(Optional.of(new ArrayList<>()));
    }

    /** Lends networks by their numbers. */
    interface Lender<N> {
        /** Hands network number b to {@code use} and takes it back. */
        void lend(int b, Consumer<N> use);
    }

    /**
     * Lends what {@code read} makes.
     *
     * @param read makes the network of a number, with its weights
     */
    <N extends Trainable> Lender<N> lender(IntFunction<N> read) {
        if (kept.isEmpty()) {
            return (b, use) -> {
                try (N network = read.apply(b)) {
                    use.accept(network);
                }
            };
        }
        Map<Integer, N> byNumber = new HashMap<>();
        return (b, use) -> use.accept(byNumber.computeIfAbsent(b, number -> keep(read.apply(number))));
    }

    private <N extends Trainable> N keep(N network) {
        kept.orElseThrow().add(network);
        return network;
    }

    @Override
    public void close() {
        kept.ifPresent(networks -> networks.forEach(Trainable::close));
    }
}

package org.noprop.inference;

import java.util.function.Consumer;
import org.noprop.label.ClassReader;

/** Where a model's reader of classes comes from: it may belong to a network that is in memory only for a while. */
@FunctionalInterface
public interface ReaderSource {

    /**
     * Hands the reader to {@code use} and takes it back when that returns.
     *
     * @param use keeps no reference to it
     */
    void lend(Consumer<ClassReader> use);

    /** A reader that is in memory and stays there. */
    static ReaderSource of(ClassReader reader) {
        return use -> use.accept(reader);
    }
}

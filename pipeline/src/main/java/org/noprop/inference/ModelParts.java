package org.noprop.inference;

import java.util.SortedMap;
import org.noprop.tensor.Tensor;

/** Where the trained parts of a model come from: the artifacts of a run, or the one file of an assembled model. */
interface ModelParts {

    /**
     * A block, with what it shares with others or without.
     *
     * @param t 1 … T
     * @throws org.noprop.data.InvalidInputException if it is missing or damaged
     */
    Part block(int t);

    /** A head that was trained apart from the blocks. */
    Part head();

    /** A head that was trained in the blocks. */
    Part sharedHead();

    /** Trained label embeddings. */
    Part labelEmbedding();

    /** A trained noise schedule. */
    Part schedule();

    /**
     * A part.
     *
     * @param title how messages call it: "Block 3"
     * @param path where it lies
     * @param weights by the names of its network
     */
    record Part(String title, String path, SortedMap<String, Tensor> weights) {}
}

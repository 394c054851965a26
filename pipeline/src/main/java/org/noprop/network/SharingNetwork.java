package org.noprop.network;

import java.util.SortedMap;
import java.util.SortedSet;
import org.noprop.label.ClassReader;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Tensor;

/**
 * A block that trains, beside θ_t, what all blocks have in common: trainable label embeddings W_Embed, a
 * head θ_out, a trained noise schedule. Each block moves its own copy of these; copies are averaged
 * between rounds.
 *
 * <p>Tensors of {@link #weights}: {@value #LABEL_EMBEDDING}, [m, d], if W_Embed is trainable; {@value
 * #HEAD_WEIGHT}, [d, m], and {@value #HEAD_BIAS}, [m], if there is a head; names that begin with {@value
 * #SCHEDULE_PREFIX} if the schedule is trained; all others are θ_t and its running statistics. {@link
 * #optimiserState} has the same names with the suffixes ".first-moment" and ".second-moment", and "steps".
 */
public interface SharingNetwork extends ImageNetwork {
    /** Name of W_Embed, m × d. */
    String LABEL_EMBEDDING = "label-embedding";

    /** Name of the weights of the head's linear layer, d × m. */
    String HEAD_WEIGHT = "head.weight";

    /** Name of the biases of the head's linear layer, m. */
    String HEAD_BIAS = "head.bias";

    /** What the names of a trained noise schedule's tensors begin with. */
    String SCHEDULE_PREFIX = "schedule.";

    /**
     * The names, out of those of {@link #weights}, of what blocks share. Empty if nothing that is trained
     * here means anything to another block: with fixed label embeddings and a fixed schedule a head learns
     * the same from the same noised labels in every block, and needs no exchange.
     */
    SortedSet<String> sharedNames();

    /**
     * What is shared, copied out: for each of {@link #sharedNames} the value, and the moments under the name
     * with ".first-moment" and ".second-moment". All are means of what they are made from, so that they may
     * be averaged tensor by tensor.
     */
    SortedMap<String, Tensor> shared();

    /**
     * Puts averages in the place of this block's own.
     *
     * @param tensors the names and shapes of {@link #shared}
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    void loadShared(SortedMap<String, Tensor> tensors);

    /** The label embeddings as they are now, copied out. */
    LabelEmbedding labels();

    /**
     * What reads a class from z at the end of the chain, with the weights as they are when it is used: the
     * network's head, or the nearest label embedding. It belongs to the network's thread, and ends with it.
     */
    ClassReader reader();
}

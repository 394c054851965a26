package org.noprop.label;

import java.io.Serializable;

/**
 * The vectors u_y that stand for the classes: the m rows of W_Embed, d components each.
 *
 * <p>Fixed ones share nothing between blocks. Trainable ones are where training starts; the trained
 * matrix is a network's, and {@link #withMatrix} makes a value of it again.
 */
public interface LabelEmbedding extends Serializable {

    /** m. */
    int classes();

    /** d. */
    int width();

    /**
     * u_y, copied out.
     *
     * @param label 0 … m-1
     */
    float[] vector(int label);

    /** W_Embed, m × d, row-major, copied out. */
    float[] matrix();

    /** Whether W_Embed is trained. */
    default boolean trainable() {
        return false;
    }

    /**
     * The same kind of label embedding with another W_Embed.
     *
     * @param matrix m × d, row-major
     * @throws UnsupportedOperationException if W_Embed is the same in every run
     */
    default LabelEmbedding withMatrix(float... matrix) {
        throw new UnsupportedOperationException(this + " has one matrix only");
    }
}

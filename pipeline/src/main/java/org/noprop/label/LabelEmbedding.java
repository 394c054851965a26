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
     * A component of u_y.
     *
     * @param label 0 … m-1
     * @param index 0 … d-1
     */
    float component(int label, int index);

    /**
     * u_y, copied out.
     *
     * @param label 0 … m-1
     */
    float[] vector(int label);

    /** W_Embed, m × d, row-major, copied out. */
    default float[] matrix() {
        float[] matrix = new float[Math.multiplyExact(classes(), width())];
        for (int label = 0; label < classes(); label++) {
            System.arraycopy(vector(label), 0, matrix, label * width(), width());
        }
        return matrix;
    }

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

package org.noprop.label;

import java.io.Serializable;

/**
 * The vectors u_y that stand for the classes: the m rows of W_Embed, d components each.
 *
 * <p>Fixed ones share nothing between blocks.
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
}

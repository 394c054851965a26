package org.noprop.label;

import org.noprop.tensor.Trainable;

/**
 * The head p̂_θout(y | z_T): reads a class from the noised label at the end of the chain. It never sees
 * the image.
 *
 * <p>Arrays belong to the caller and may be longer than the rows that count. An instance belongs to
 * one thread; the same steps give bit-identical weights.
 */
public interface Head extends ClassReader, Trainable {

    /**
     * One optimiser step on the mean of -log p̂(y | z_T), the head's term of Equation 8.
     *
     * @param rows at least 1
     * @param noisedLabels z_T ~ q(z_T | y), rows × d, row-major
     * @param labels y, each in 0 … m-1
     * @return the mean cross-entropy in nats before the step
     */
    double trainStep(int rows, float[] noisedLabels, int[] labels);
}

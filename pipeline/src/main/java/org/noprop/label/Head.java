package org.noprop.label;

import java.util.SortedMap;
import org.noprop.tensor.Tensor;

/**
 * The head p̂_θout(y | z_T): reads a class from the noised label at the end of the chain. It never sees
 * the image.
 *
 * <p>Arrays belong to the caller and may be longer than the rows that count. An instance belongs to
 * one thread; the same steps give bit-identical weights.
 */
public interface Head {

    /** m. */
    int classes();

    /** d, the width of z_T. */
    int labelWidth();

    /**
     * Class probabilities.
     *
     * @param rows how many rows
     * @param noisedLabels z_T, rows × d, row-major
     * @param probabilities receives rows × m values, each row's sum 1
     */
    void probabilities(int rows, float[] noisedLabels, float[] probabilities);

    /**
     * One optimiser step on the mean of -log p̂(y | z_T), the head's term of Equation 8.
     *
     * @param rows at least 1
     * @param noisedLabels z_T ~ q(z_T | y), rows × d, row-major
     * @param labels y, each in 0 … m-1
     * @return the mean cross-entropy in nats before the step
     */
    double trainStep(int rows, float[] noisedLabels, int[] labels);

    /** Weights by name, copied out. */
    SortedMap<String, Tensor> weights();

    /**
     * Puts weights back.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another
     *     shape
     */
    void loadWeights(SortedMap<String, Tensor> weights);

    /** The optimiser's moments and step count by name, copied out. */
    SortedMap<String, Tensor> optimiserState();

    /**
     * Puts the optimiser's state back.
     *
     * @throws IllegalArgumentException as {@link #loadWeights}
     */
    void loadOptimiserState(SortedMap<String, Tensor> state);
}

package org.noprop.embedding;

import java.io.Serializable;

/**
 * How a patch embedder is fitted to training images.
 *
 * @param sample patches drawn, about
 * @param whitening what is added to the eigenvalues of their covariance, as a share of the mean eigenvalue
 * @param count atoms of the dictionary, at most the sample
 * @param kMeansRounds rounds of k-means that atoms are found by; 0 takes patches as they are
 * @param rows training images whose features are looked at for their mean, and spread or principal components; about
 * @param reduction principal components kept, or 0 to standardise each feature by itself
 * @param regulariser what is added to the variances of the components before they are divided by its root, as a
 *     share of the mean variance of those kept
 * @param seed of all draws
 */
public record PatchFit(
        int sample,
        double whitening,
        int count,
        int kMeansRounds,
        int rows,
        int reduction,
        double regulariser,
        long seed)
        implements Serializable {}

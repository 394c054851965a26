package org.noprop.config;

import java.util.Optional;

/**
 * Which images, and where their embeddings lie.
 *
 * @param kind the dataset
 * @param path folder of the published files; empty for digits, which are drawn
 * @param embeddings folder that receives the Parquet embeddings
 * @param validationFraction share of the training rows set aside, in [0, 1), cut by a hash of the id
 * @param digits how many digits are drawn
 */
public record DataConfig(
        Kind kind, Optional<String> path, String embeddings, double validationFraction, Digits digits) {

    /** The datasets that can be read. */
    public enum Kind {
        DIGITS,
        MNIST,
        CIFAR10,
        CIFAR100
    }

    /**
     * How many digits are drawn.
     *
     * @param train training images, at least 20
     * @param test test images, at least 10
     * @param seed what they are drawn from
     */
    public record Digits(int train, int test, long seed) {}
}

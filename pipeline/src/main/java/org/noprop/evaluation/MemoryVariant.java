package org.noprop.evaluation;

/**
 * What another way of training takes.
 *
 * @param name which: {@code all-blocks-in-one-process}, {@code baseline-in-micro-batches} or
 *     {@code one-block-by-back-propagation}
 * @param blocks T
 * @param memory what it takes
 */
public record MemoryVariant(String name, int blocks, SubjectMemory memory) {}

package org.noprop.evaluation;

/**
 * What training takes at a batch size.
 *
 * @param batchSize rows of a step
 * @param pair a block and the baseline
 */
public record MemoryByBatch(int batchSize, MemoryPair pair) {}

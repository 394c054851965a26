package org.noprop.inference;

import java.io.Serializable;

/**
 * What a chain of fewer blocks says: that of the first noisy run, in which each block's step goes on to where the
 * next one used begins.
 *
 * @param blocks how many of the T blocks are used
 * @param predictions the head's most probable class of each row; not copied
 */
public record FewerBlocks(int blocks, int[] predictions) implements Serializable {}

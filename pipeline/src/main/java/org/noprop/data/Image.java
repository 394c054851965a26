package org.noprop.data;

import java.io.Serializable;

/**
 * One image of a dataset.
 *
 * @param id unique over training and test images, ascending in the order in which images are stored
 * @param label its class, 0 … m-1
 * @param bytes height × width × channels values of 0 … 255: row by row, channels last
 */
public record Image(long id, int label, byte[] bytes) implements Serializable {}

package org.noprop.network;

/**
 * What a block network is built for.
 *
 * @param imageWidth components of an image embedding x, at least 1
 * @param labelWidth d, components of a label embedding, at least 1
 * @param classes m, at least 2
 */
public record NetworkShape(int imageWidth, int labelWidth, int classes) {}

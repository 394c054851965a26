package org.noprop.config;

import java.util.Map;

/**
 * Changed copies of training images, stored beside them.
 *
 * @param flip whether there is a mirrored copy
 * @param crops how many copies are cut out of the image with an empty margin, 0 … 100
 * @param padding pixels of that margin, at least 1
 * @param rotation degrees up to which those copies are turned either way, 0 … 180
 * @param scale share by which their height and width grow or shrink, 0 or more and below 1
 * @param shear share of a pixel by which their rows are moved against each other, 0 or more and below 1
 */
public record AugmentationConfig(boolean flip, int crops, int padding, double rotation, double scale, double shear) {

    static AugmentationConfig read(Settings settings) {
        return new AugmentationConfig(
                settings.flag("flip"),
                settings.wholeNumber("crops", Range.closed(0, 100)),
                settings.wholeNumber("padding", Range.atLeast(1)),
                settings.number("rotation", Range.closed(0, 180)),
                settings.number("scale", Range.halfOpen(0, 1)),
                settings.number("shear", Range.halfOpen(0, 1)));
    }

    Map<String, Object> settings() {
        return Map.of(
                "flip", flip, "crops", crops, "padding", padding, "rotation", rotation, "scale", scale, "shear", shear);
    }
}

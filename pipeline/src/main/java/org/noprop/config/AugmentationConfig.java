package org.noprop.config;

import java.util.Map;

/**
 * Changed copies of training images, stored beside them.
 *
 * @param flip whether there is a mirrored copy
 * @param crops how many copies are cut out of the image with an empty margin, 0 … 100
 * @param padding pixels of that margin, at least 1
 */
public record AugmentationConfig(boolean flip, int crops, int padding) {

    static AugmentationConfig read(Settings settings) {
        return new AugmentationConfig(
                settings.flag("flip"),
                settings.wholeNumber("crops", Range.closed(0, 100)),
                settings.wholeNumber("padding", Range.atLeast(1)));
    }

    Map<String, Object> settings() {
        return Map.of("flip", flip, "crops", crops, "padding", padding);
    }
}

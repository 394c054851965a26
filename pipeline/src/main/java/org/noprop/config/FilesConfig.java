package org.noprop.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a user's own files are read: images, or Parquet with images or with image embeddings.
 *
 * @param label column of Parquet that holds the class: a whole number or a name
 * @param column column of Parquet that holds the image or its embedding; empty where its usual name tells
 * @param testFraction share set aside as test images where the files have none of their own, in (0, 1)
 * @param size height, width and channels (1 or 3) of an image; empty for the most frequent ones
 * @param resize whether images of another size are resized or count as damaged
 * @param maxDamaged share of the images that may be damaged, in [0, 1]
 */
public record FilesConfig(
        String label,
        Optional<String> column,
        double testFraction,
        Optional<List<Integer>> size,
        boolean resize,
        double maxDamaged) {
    private static final int DIMENSIONS = 3;

    static FilesConfig read(Settings settings) {
        return new FilesConfig(
                settings.text("label"),
                settings.optionalText("column"),
                settings.number("test-fraction", Range.open(0, 1)),
                size(settings),
                settings.flag("resize"),
                settings.number("max-damaged", Range.closed(0, 1)));
    }

    private static Optional<List<Integer>> size(Settings settings) {
        return settings.isSet("size")
                ? settings.wholeNumbers(
                        "size", FilesConfig::isSize, "must be [height, width, channels] with 1 or 3 channels")
                : Optional.empty();
    }

    private static boolean isSize(List<Integer> size) {
        return size.size() == DIMENSIONS
                && size.get(0) >= 1
                && size.get(1) >= 1
                && (size.get(2) == 1 || size.get(2) == DIMENSIONS);
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("label", label);
        settings.put("column", column.orElse(null));
        settings.put("test-fraction", testFraction);
        settings.put("size", size.orElse(null));
        settings.put("resize", resize);
        settings.put("max-damaged", maxDamaged);
        return settings;
    }
}

package org.noprop.spark;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.noprop.data.Image;
import org.noprop.data.Pictures;
import org.noprop.data.Split;
import org.noprop.inference.LabelPaths;
import org.noprop.tensor.ImageShape;

/**
 * The first images of the splits that may be evaluated: as many as a report may want to show beside their paths, and of
 * large images fewer.
 */
final class FirstImages {
    private static final int MOST_BYTES = 32 << 20;

    private FirstImages() {}

    /** By split; only of those that have images. */
    static Map<Split, Pictures> of(LabelledImages images) {
        Map<Split, Pictures> pictures = new EnumMap<>(Split.class);
        Stream.of(Split.VALIDATION, Split.TEST).forEach(split -> {
            List<Image> first = images.first(split, most(images.shape()));
            if (!first.isEmpty()) {
                pictures.put(split, pictures(first, images.shape()));
            }
        });
        return pictures;
    }

    /** How many images of a shape are kept, as floats. */
    static int most(ImageShape shape) {
        return Math.min(LabelPaths.MOST_ROWS, MOST_BYTES / Float.BYTES / shape.length());
    }

    private static Pictures pictures(List<Image> images, ImageShape shape) {
        int length = shape.length();
        float[] values = new float[images.size() * length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(images.get(i / length).bytes()[i % length]);
        }
        return new Pictures(images.size(), shape.height(), shape.width(), shape.channels(), values);
    }
}

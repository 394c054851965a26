package org.noprop.data;

import java.util.List;
import org.noprop.data.ImageSource.Part;

/**
 * What a dataset holds.
 *
 * @param classNames the name of each class, by label
 * @param trainImages how many training images
 * @param testImages how many test images
 * @param fingerprint what the images follow from, on one line: settings, or the files' SHA-256; equal
 *     fingerprints, equal images
 */
public record ImageSourceSummary(List<String> classNames, long trainImages, long testImages, String fingerprint) {

    /** Copies the list. */
    public ImageSourceSummary {
        classNames = List.copyOf(classNames);
    }

    /** How many images a part has. */
    public long images(Part part) {
        return part == Part.TRAIN ? trainImages : testImages;
    }
}

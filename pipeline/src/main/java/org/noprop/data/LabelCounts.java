package org.noprop.data;

import org.noprop.data.ImageSource.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the images of each class and refuses labels that are none. */
final class LabelCounts {
    private static final Logger log = LoggerFactory.getLogger(LabelCounts.class);

    private final long[] counts;

    LabelCounts(int classes) {
        counts = new long[classes];
    }

    /**
     * Counts a label.
     *
     * @param file where it stands
     * @param record the number of its record in that file, from 0
     * @throws InvalidInputException if there is no such class
     */
    void add(int label, Object file, long record) {
        if (label >= counts.length) {
            throw InvalidInputException.cannotRead(
                    file,
                    "record " + record + " has label " + label + " where labels are 0 to " + (counts.length - 1)
                            + " (damaged, or another dataset?)");
        }
        counts[label]++;
    }

    /** Warns of each class that has no image. */
    void warnOfEmptyClasses(String dataset, Part part) {
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                log.warn("No {} image of {} has label {}", part, dataset, label);
            }
        }
    }
}

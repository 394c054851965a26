package org.noprop.spark;

import java.util.SortedMap;

/** Where images are from. */
interface ImageOrigin {

    /** The dataset's name: {@code mnist}. */
    String name();

    /**
     * What the images follow from, on one line: equal fingerprints, equal images.
     *
     * @throws org.noprop.data.InvalidInputException if files cannot be used
     */
    String fingerprint();

    /** How many files are not used, by reason, once images are open. */
    SortedMap<String, Long> leftOut();

    /**
     * Makes them ready for reading.
     *
     * @param folder that is going to hold their embeddings
     */
    LabelledImages open(String folder);
}

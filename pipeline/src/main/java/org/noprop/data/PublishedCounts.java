package org.noprop.data;

import org.noprop.data.ImageSource.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many images a dataset is published with, and what found numbers say about the files.
 *
 * @param dataset how messages name the dataset
 * @param train published training images
 * @param test published test images
 */
record PublishedCounts(String dataset, long train, long test) {
    private static final Logger log = LoggerFactory.getLogger(PublishedCounts.class);

    /** Images of the larger part. */
    long most() {
        return Math.max(train, test);
    }

    /**
     * Warns if there are fewer images than published.
     *
     * @throws InvalidInputException if there are more, or if the numbers of the two parts are exchanged
     */
    void check(String folder, long foundTrain, long foundTest) {
        if (train != test && foundTrain * train == foundTest * test) {
            throw InvalidInputException.cannotRead(
                    folder,
                    foundTrain + " training and " + foundTest + " test images where " + dataset + " has " + train
                            + " and " + test + " (training and test files swapped?)");
        }
        check(folder, Part.TRAIN, foundTrain, train);
        check(folder, Part.TEST, foundTest, test);
    }

    private void check(String folder, Part part, long found, long published) {
        if (found > published) {
            throw InvalidInputException.cannotRead(
                    folder,
                    found + " " + part + " images where " + dataset + " has " + published + " (another dataset?)");
        }
        if (found < published) {
            log.warn("{} holds {} of the {} published {} images of {}", folder, found, published, part, dataset);
        }
    }
}

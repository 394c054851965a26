package org.noprop.spark;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.noprop.config.DataConfig;
import org.noprop.data.EmbeddingDescription;

/** What the images of the datasets are like, before any has been read. */
final class DatasetImages {
    private DatasetImages() {}

    /** Pixels of a dataset, with classes that have no names and rows that nobody has counted; nothing for other files. */
    static Optional<EmbeddingDescription> of(DataConfig.Kind kind) {
        return switch (kind) {
            case DIGITS, MNIST -> Optional.of(images(28, 1, 10));
            case CIFAR10 -> Optional.of(images(32, 3, 10));
            case CIFAR100 -> Optional.of(images(32, 3, 100));
            case FOLDER, PARQUET, EMBEDDINGS -> Optional.empty();
        };
    }

    private static EmbeddingDescription images(int side, int channels, int classes) {
        return new EmbeddingDescription(
                List.of(side, side, channels), Collections.nCopies(classes, "class"), Map.of(), "{}", "none");
    }
}

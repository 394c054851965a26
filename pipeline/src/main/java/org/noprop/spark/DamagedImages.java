package org.noprop.spark;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images that cannot be used: counted, listed, and too many or not.
 *
 * @param path where the images are from
 * @param most share of them that may be damaged, in [0, 1]
 */
record DamagedImages(String path, double most) {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedImages.class);
    private static final int SHOWN = 5;

    /**
     * Lists them as JSON in a folder beside the image embeddings.
     *
     * @param damaged the columns {@code name} and {@code error}
     * @param count how many they are
     * @param all how many images there are, with these
     * @param folder of the image embeddings
     * @throws InvalidInputException naming some, if they are too many
     */
    void check(Dataset<Row> damaged, long count, long all, String folder) {
        if (count == 0) {
            return;
        }
        String list = folder + "/" + EmbeddingFolder.DAMAGED;
        damaged.orderBy(damaged.columns()[0], damaged.columns()[1])
                .coalesce(1)
                .write()
                .json(list);
        String sentence = count + " of " + all + " images of " + path + " are damaged";
        if (count > most * all) {
            throw new InvalidInputException(sentence + ", more than noprop.data.files.max-damaged = " + most
                    + " allows: " + shown(damaged, count) + " (all of them: " + list + ")");
        }
        LOG.warn("{} and left out: {} (all of them: {})", sentence, shown(damaged, count), list);
    }

    /**
     * Some of them, in the order of their names.
     *
     * @param damaged a name or null, and an error
     * @param count how many there are
     */
    static String shown(Dataset<Row> damaged, long count) {
        List<Row> first =
                damaged.orderBy(damaged.columns()[0], damaged.columns()[1]).takeAsList(SHOWN);
        return first.stream()
                .map(row -> (row.isNullAt(0) ? "" : row.getString(0) + ": ") + row.getString(1))
                .collect(Collectors.joining("; ", "", count > SHOWN ? "; …" : ""));
    }
}

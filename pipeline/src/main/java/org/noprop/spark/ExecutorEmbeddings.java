package org.noprop.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.EmbeddingGroups;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.EmbeddingTable;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ShardCut;
import org.noprop.data.Split;
import org.noprop.training.TrainingRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image embeddings of a run on an executor: read once and shared read-only by all its tasks where they fit
 * its cache, else streamed by each task.
 *
 * <p>The driver broadcasts the reference, which is a path. An executor unpacks a broadcast value once, so
 * that the rows, which do not travel with it, are read by whichever task asks first.
 */
final class ExecutorEmbeddings implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorEmbeddings.class);

    private final SerializableConfiguration hadoop;
    private final String folder;
    private final RowAccess access;
    private transient Map<Split, EmbeddingTable> tables;
    private transient Map<Split, EmbeddingGroups> groups;
    private transient boolean toldOfCut;

    ExecutorEmbeddings(SerializableConfiguration hadoop, String folder, RowAccess access) {
        this.hadoop = hadoop;
        this.folder = folder;
        this.access = access;
    }

    /** All training rows, and the validation rows where there are any, for one task. */
    TaskRows trainingRows() {
        return trainingRows(1);
    }

    /**
     * The same for a member of a partition group, which reads what it visits.
     *
     * @param shards how many members the group has
     * @throws InvalidInputException if files are missing or damaged, or a row group does not fit the shuffle buffer
     */
    synchronized TaskRows trainingRows(int shards) {
        long before = bytesLoaded();
        EmbeddingDescription data = open().description();
        List<EmbeddingRows> streamed = new ArrayList<>();
        EmbeddingRows training = shards == 1
                ? rows(Split.TRAIN, access.streamsTraining(data), streamed)
                : memberRows(shards, access.streamsTraining(data), streamed);
        EmbeddingRows validation = rows(Split.VALIDATION, access.streamsValidation(data), streamed);
        requireBuffer(training);
        return new TaskRows(
                new TrainingRows(
                        training,
                        validation.rows() == 0 ? Optional.empty() : Optional.of(validation),
                        access.shuffleBuffer()),
                bytesLoaded() - before,
                List.copyOf(streamed));
    }

    /** Ids and labels of the training rows alone, 12 bytes a row, for the task of the head, which sees no image. */
    synchronized TaskRows trainingKeys() {
        long before = bytesLoaded();
        EmbeddingRows keys = groups(Split.TRAIN).keys();
        return new TaskRows(
                new TrainingRows(keys, Optional.empty(), access.shuffleBuffer()), bytesLoaded() - before, List.of());
    }

    /** The rows of a split, for one task that predicts. */
    synchronized EmbeddingRows rows(Split split) {
        return access.streams(split, open().description()) ? groups(split).open() : table(split);
    }

    private EmbeddingTable table(Split split) {
        if (tables == null) {
            tables = new EnumMap<>(Split.class);
        }
        return tables.computeIfAbsent(split, missing -> open().read(missing));
    }

    private EmbeddingRows rows(Split split, boolean stream, List<EmbeddingRows> streamed) {
        if (!stream) {
            return table(split);
        }
        EmbeddingRows rows = groups(split).open();
        streamed.add(rows);
        return rows;
    }

    private EmbeddingRows memberRows(int shards, boolean stream, List<EmbeddingRows> streamed) {
        EmbeddingGroups all = groups(Split.TRAIN);
        EmbeddingRows rows = stream ? all.open() : all.keep();
        if (!toldOfCut && !ShardCut.of(all.keys(), shards).byRowGroups()) {
            LOG.warn(
                    "Each member of a group reads all training rows, because their {} row groups cannot be dealt out to"
                            + " {} shards that are about equal",
                    all.keys().rowGroups().length,
                    shards);
        }
        toldOfCut = true;
        streamed.add(rows);
        return rows;
    }

    private EmbeddingGroups groups(Split split) {
        if (groups == null) {
            groups = new EnumMap<>(Split.class);
        }
        return groups.computeIfAbsent(split, missing -> open().groups(missing));
    }

    private long bytesLoaded() {
        long loaded = 0;
        if (tables != null) {
            loaded += tables.values().stream()
                    .mapToLong(EmbeddingTable::bytesRead)
                    .sum();
        }
        if (groups != null) {
            loaded += groups.values().stream()
                    .mapToLong(EmbeddingGroups::bytesRead)
                    .sum();
        }
        return loaded;
    }

    private void requireBuffer(EmbeddingRows training) {
        int[] first = training.rowGroups();
        for (int group = 0; group < first.length; group++) {
            int rows = (group + 1 < first.length ? first[group + 1] : training.rows()) - first[group];
            if (rows > access.shuffleBuffer()) {
                throw new InvalidInputException("A row group of the training embeddings has " + rows
                        + " rows and noprop.training.shuffle-buffer holds " + access.shuffleBuffer()
                        + "; raise it to at least that");
            }
        }
    }

    private EmbeddingFolder open() {
        return EmbeddingFolder.open(hadoop.value(), folder);
    }
}

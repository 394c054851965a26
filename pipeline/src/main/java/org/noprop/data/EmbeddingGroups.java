package org.noprop.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The row groups of a split whose rows stay in their files, free for any number of threads: ids and labels are
 * in memory, 12 bytes a row, and image embeddings are read by whoever visits them, group by group.
 */
public final class EmbeddingGroups {
    private final EmbeddingTable keys;
    private final List<Address> addresses;
    private final int[] firstRows;
    private final int width;
    private final Map<Integer, EmbeddingTable> kept = new ConcurrentHashMap<>();

    /**
     * Where a row group lies.
     *
     * @param file its file
     * @param index which of the file's row groups
     */
    record Address(EmbeddingFile file, int index) {}

    /**
     * The groups of a split.
     *
     * @param keys all rows, without image embeddings
     * @param addresses of each of their row groups
     * @param width components of an image embedding
     */
    EmbeddingGroups(EmbeddingTable keys, List<Address> addresses, int width) {
        this.keys = keys;
        this.addresses = List.copyOf(addresses);
        this.firstRows = keys.rowGroups();
        this.width = width;
    }

    /** The compressed bytes of ids and labels that were read. */
    public long bytesRead() {
        return keys.bytesRead();
    }

    /** The rows for one thread, which reads as it visits. */
    public EmbeddingRows open() {
        return new StreamedEmbeddings(this);
    }

    /** The rows for one thread, which reads what it visits and keeps it for all who visit it after. */
    public EmbeddingRows keep() {
        return new KeptEmbeddings(this);
    }

    /** Ids, labels and row groups of all rows, and no image embeddings. */
    public EmbeddingRows keys() {
        return keys;
    }

    int count() {
        return firstRows.length;
    }

    int width() {
        return width;
    }

    int firstRow(int group) {
        return firstRows[group];
    }

    int rowsOf(int group) {
        return (group + 1 < firstRows.length ? firstRows[group + 1] : keys.rows()) - firstRows[group];
    }

    int groupOf(int row) {
        int found = Arrays.binarySearch(firstRows, row);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * One group, kept from its first reader on.
     *
     * @param read receives what had to be read
     */
    EmbeddingTable kept(int group, Consumer<EmbeddingTable> read) {
        return kept.computeIfAbsent(group, missing -> {
            EmbeddingTable table = read(List.of(missing), rowsOf(missing));
            read.accept(table);
            return table;
        });
    }

    /** Reads groups, one after another in this order. */
    EmbeddingTable read(List<Integer> groups, int rows) {
        EmbeddingTable.Builder table = new EmbeddingTable.Builder(rows, width);
        for (int group : groups) {
            Address address = addresses.get(group);
            table.startOver();
            address.file().readGroup(address.index(), table);
        }
        return table.build();
    }
}

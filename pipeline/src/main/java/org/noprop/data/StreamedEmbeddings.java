package org.noprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of which only as many image embeddings are in memory at a time as a buffer holds: whole row groups, which
 * are read when the order comes to them, and forgotten when their rows are through. It belongs to one thread.
 */
final class StreamedEmbeddings extends GroupedEmbeddings {
    private static final int[] NO_ORDER = {};

    private final int[] left;
    private final int[] place;
    private int[] order = NO_ORDER;
    private int position;
    private EmbeddingTable buffer;

    StreamedEmbeddings(EmbeddingGroups groups) {
        super(groups);
        this.left = new int[groups.count()];
        this.place = new int[groups.count()];
        Arrays.fill(place, -1);
    }

    @Override
    public void visit(int[] next) {
        order = next;
        position = 0;
        Arrays.fill(left, 0);
        boolean held = true;
        for (int row : next) {
            int group = groups().groupOf(row);
            left[group]++;
            held &= place[group] >= 0;
        }
        if (!held) {
            forget();
        }
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        if (position == order.length || order[position] != row) {
            throw new IllegalStateException("Row " + row + " is not the next one of the announced order");
        }
        int group = groups().groupOf(row);
        if (place[group] < 0) {
            fill();
        }
        buffer.copyRow(place[group] + row - groups().firstRow(group), into, offset);
        position++;
    }

    /** Reads the groups that the order visits next, until it leaves them for good. */
    private void fill() {
        forget();
        List<Integer> next = new ArrayList<>();
        int rows = 0;
        int through = 0;
        for (int i = position; next.isEmpty() || through > 0; i++) {
            int group = groups().groupOf(order[i]);
            if (place[group] < 0) {
                place[group] = rows;
                rows += groups().rowsOf(group);
                through += left[group];
                next.add(group);
            }
            through--;
        }
        buffer = groups().read(next, rows);
        count(buffer);
    }

    private void forget() {
        buffer = null;
        Arrays.fill(place, -1);
    }
}

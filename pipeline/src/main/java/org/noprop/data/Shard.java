package org.noprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One of the parts that training rows are cut into: those whose hashed id falls to it. It depends on nothing
 * else, so that the cut is the same on every machine and in every order.
 *
 * @param number 1 … shards
 * @param shards how many there are
 */
public record Shard(int number, int shards) implements Serializable {
    /** All rows. */
    public static final Shard WHOLE = new Shard(1, 1);

    /** Keeps the hash apart from other uses of ids as seeds. */
    private static final long SALT = 0x7368617264L;

    /** Whether the row of this id belongs to it. */
    public boolean holds(long id) {
        return shards == 1 || new SplittableRandom(id ^ SALT).nextInt(shards) == number - 1;
    }

    /** The numbers of its rows in a table, ascending. */
    public int[] rowsOf(EmbeddingRows table) {
        int[] rows = new int[table.rows()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            if (holds(table.id(row))) {
                rows[count++] = row;
            }
        }
        return count == rows.length ? rows : Arrays.copyOf(rows, count);
    }

    /** "shard 2/4". */
    @Override
    public String toString() {
        return "shard " + number + "/" + shards;
    }
}

package org.noprop.data;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * One of the parts that training rows are cut into, as {@link ShardCut} says.
 *
 * @param number 1 … shards
 * @param shards how many there are
 */
public record Shard(int number, int shards) implements Serializable {
    /** All rows. */
    public static final Shard WHOLE = new Shard(1, 1);

    /** Keeps the hash apart from other uses of ids as seeds. */
    private static final long SALT = 0x7368617264L;

    /** Whether the row of this id belongs to it where the cut is by ids. */
    boolean holds(long id) {
        return shards == 1 || new SplittableRandom(id ^ SALT).nextInt(shards) == number - 1;
    }

    /** The numbers of its rows among these, ascending. */
    public int[] rowsOf(EmbeddingRows rows) {
        return ShardCut.of(rows, shards).rowsOf(this);
    }

    /** "shard 2/4". */
    @Override
    public String toString() {
        return "shard " + number + "/" + shards;
    }
}

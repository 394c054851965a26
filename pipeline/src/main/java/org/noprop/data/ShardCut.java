package org.noprop.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How training rows are cut into shards: by whole row groups, so that a member of a partition group reads only its own
 * part of the files, where row groups can be dealt out so that shards are about equal in rows and in classes; else by a
 * hash of the id, for which each member reads all row groups. It depends on ids, labels and row groups alone, so that
 * every member finds the same one.
 */
public final class ShardCut {
    /** A shard has at most so many times its fair share of rows, because the largest one sets the pace. */
    private static final double LARGEST = 1.25;
    /** The share of a shard's rows that are of other classes than fair. */
    private static final double FARTHEST = 0.1;

    private static final long SALT = 0x6375740aL;

    private final EmbeddingRows rows;
    private final int shards;
    private final int[] firstRows;
    /** By row group, from 0; null where the cut is by id. */
    private final int[] shardOfGroup;

    private ShardCut(EmbeddingRows rows, int shards) {
        this.rows = rows;
        this.shards = shards;
        this.firstRows = rows.rowGroups();
        this.shardOfGroup = shards == 1 || firstRows.length < shards ? null : deal();
    }

    /**
     * The cut of some rows.
     *
     * @param rows of which ids, labels and row groups are looked at
     * @param shards into how many
     */
    public static ShardCut of(EmbeddingRows rows, int shards) {
        return new ShardCut(rows, shards);
    }

    /** Whether each shard is a set of row groups of its own. */
    public boolean byRowGroups() {
        return shardOfGroup != null;
    }

    /** The numbers of a shard's rows, ascending. */
    int[] rowsOf(Shard shard) {
        return byRowGroups()
                ? IntStream.range(0, firstRows.length)
                        .filter(group -> shardOfGroup[group] == shard.number() - 1)
                        .flatMap(group -> IntStream.range(firstRows[group], end(group)))
                        .toArray()
                : IntStream.range(0, rows.rows())
                        .filter(row -> shard.holds(rows.id(row)))
                        .toArray();
    }

    private int end(int group) {
        return group + 1 < firstRows.length ? firstRows[group + 1] : rows.rows();
    }

    /** Large groups first, equal ones in hashed order, each to the shard that is then nearest to fair. */
    private int[] deal() {
        int classes = 1 + IntStream.range(0, rows.rows()).map(rows::label).max().orElse(0);
        int[][] counts = IntStream.range(0, firstRows.length)
                .mapToObj(group -> labels(group, classes))
                .toArray(int[][]::new);
        double[] fair = fairShare(counts);
        double[][] dealt = new double[shards][fair.length];
        int[] chosen = new int[firstRows.length];
        for (int group : order()) {
            chosen[group] = nearestToFair(counts[group], dealt, fair);
            add(counts[group], dealt[chosen[group]]);
        }
        return Arrays.stream(dealt).allMatch(shard -> isFair(shard, fair)) ? chosen : null;
    }

    private int[] labels(int group, int classes) {
        int[] counts = new int[classes];
        for (int row = firstRows[group]; row < end(group); row++) {
            counts[rows.label(row)]++;
        }
        return counts;
    }

    private double[] fairShare(int[][] counts) {
        double[] fair = new double[counts[0].length];
        Arrays.stream(counts).forEach(group -> add(group, fair));
        return Arrays.stream(fair).map(all -> all / shards).toArray();
    }

    private List<Integer> order() {
        return IntStream.range(0, firstRows.length)
                .boxed()
                .sorted(Comparator.comparing((Integer group) -> firstRows[group] - end(group))
                        .thenComparing(group -> new SplittableRandom(SALT + group).nextLong()))
                .toList();
    }

    /** By the sum over classes of squared distances from the fair share, and how the group would change it. */
    private static int nearestToFair(int[] group, double[][] dealt, double[] fair) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int shard = 0; shard < dealt.length; shard++) {
            double change = 0;
            for (int label = 0; label < fair.length; label++) {
                double off = dealt[shard][label] - fair[label];
                change += group[label] * (group[label] + 2 * off);
            }
            if (change < least) {
                least = change;
                best = shard;
            }
        }
        return best;
    }

    private static void add(int[] group, double[] sums) {
        for (int label = 0; label < group.length; label++) {
            sums[label] += group[label];
        }
    }

    private static boolean isFair(double[] shard, double[] fair) {
        double own = Arrays.stream(shard).sum();
        double due = Arrays.stream(fair).sum();
        double distance = 0;
        for (int label = 0; label < fair.length; label++) {
            distance += Math.abs(shard[label] / own - fair[label] / due) / 2;
        }
        return own > 0 && own <= LARGEST * due && distance <= FARTHEST;
    }
}

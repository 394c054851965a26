package org.noprop.network;

/** The seeds of a training batch's rows, from which the dropouts of one network draw. */
final class RowSeeds {
    private int layers;
    private long[] seeds = {};

    /** A number for the next dropout of the network. */
    int nextLayer() {
        return layers++;
    }

    /** Uses these seeds from now on; the array itself, one seed for each row. */
    void use(long[] newSeeds) {
        seeds = newSeeds;
    }

    /**
     * The seeds, in an array of at least {@code rows}.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    long[] of(int rows) {
        if (seeds.length < rows) {
            throw new IllegalArgumentException(
                    "Dropout needs a seed for each of " + rows + " rows, got " + seeds.length);
        }
        return seeds;
    }
}

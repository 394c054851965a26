package org.noprop.network;

/** Checks and copies that block and baseline share. */
final class Batches {
    private Batches() {}

    /**
     * Checks that a training batch has rows enough for batch norm.
     *
     * @throws IllegalArgumentException if it has not
     */
    static void checkRows(int rows) {
        if (rows < 2) {
            throw new IllegalArgumentException("Batch norm needs at least 2 rows to train on, got " + rows);
        }
    }

    /** Copies all of {@code from} to {@code to} at {@code start}, rounded to float32. */
    static void copyOut(double[] from, float[] to, int start) {
        for (int i = 0; i < from.length; i++) {
            to[start + i] = (float) from[i];
        }
    }
}

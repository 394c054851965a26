package org.noprop.spark;

/** Hashes what is predicted, so that the noise of a row that has no id is a function of its content alone. */
final class PayloadHash {
    private static final long START = 0xcbf29ce484222325L;
    private static final long FACTOR = 0x100000001b3L;

    private PayloadHash() {}

    /** The hash of pixels. */
    static long of(byte... values) {
        long hash = START;
        for (byte value : values) {
            hash = (hash ^ value) * FACTOR;
        }
        return hash;
    }

    /** The hash of an image embedding, the same for 0 and -0. */
    static long of(float... values) {
        long hash = START;
        for (float value : values) {
            hash = (hash ^ Float.floatToIntBits(value + 0f)) * FACTOR;
        }
        return hash;
    }
}

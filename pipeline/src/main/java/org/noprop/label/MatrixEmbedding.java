package org.noprop.label;

import java.util.Arrays;

/** Label embeddings that hold their W_Embed. Values: equal if their matrices are, bit for bit. */
abstract class MatrixEmbedding implements LabelEmbedding {
    private final int classes;
    private final int width;
    private final float[] matrix;

    /**
     * The embedding of a matrix.
     *
     * @param matrix m × d, row-major; the array itself
     */
    MatrixEmbedding(int classes, int width, float[] matrix) {
        if (classes < 2 || width < 1) {
            throw new IllegalArgumentException("Label embeddings need at least 2 classes and 1 component, got "
                    + classes + " classes and " + width + " components");
        }
        if (matrix.length != (long) classes * width) {
            throw new IllegalArgumentException("Label embeddings of " + classes + " classes and " + width
                    + " components have " + (long) classes * width + " values, not " + matrix.length);
        }
        this.classes = classes;
        this.width = width;
        this.matrix = matrix;
    }

    @Override
    public final int classes() {
        return classes;
    }

    @Override
    public final int width() {
        return width;
    }

    @Override
    public final float component(int label, int index) {
        return matrix[label * width + index];
    }

    @Override
    public final float[] vector(int label) {
        return Arrays.copyOfRange(matrix, label * width, (label + 1) * width);
    }

    @Override
    public final float[] matrix() {
        return matrix.clone();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof MatrixEmbedding that
                && getClass() == that.getClass()
                && classes == that.classes
                && trainable() == that.trainable()
                && Arrays.equals(matrix, that.matrix);
    }

    @Override
    public final int hashCode() {
        return 31 * classes + Arrays.hashCode(matrix);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[classes=" + classes + ", width=" + width + ", trainable=" + trainable()
                + "]";
    }
}

package org.noprop.label;

import java.util.SplittableRandom;

/** Label embeddings of any width that are trained with the blocks. */
public final class LearnedEmbedding extends MatrixEmbedding {

    /**
     * Label embeddings of these vectors.
     *
     * @param classes m, at least 2
     * @param width d, at least 1
     * @param matrix W_Embed, m × d, row-major; copied
     */
    public LearnedEmbedding(int classes, int width, float... matrix) {
        super(classes, width, matrix.clone());
    }

    /**
     * Where training starts: orthonormal vectors where d allows m of them, otherwise random directions of
     * length 1. The paper has "orthogonal initialisation where possible"; unit length puts them at the scale
     * of one-hot ones either way.
     *
     * @param classes m, at least 2
     * @param width d, at least 1
     * @param seed what they are drawn from
     */
    public static LearnedEmbedding initial(int classes, int width, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean orthogonal = classes <= width;
        double[][] vectors = new double[classes][width];
        float[] matrix = new float[classes * width];
        for (int label = 0; label < classes; label++) {
            double[] vector = vectors[label];
            for (int i = 0; i < width; i++) {
                vector[i] = random.nextGaussian();
            }
            for (int before = 0; orthogonal && before < label; before++) {
                subtractAlong(vectors[before], vector);
            }
            scaleToUnit(vector);
            for (int i = 0; i < width; i++) {
                matrix[label * width + i] = (float) vector[i];
            }
        }
        return new LearnedEmbedding(classes, width, matrix);
    }

    @Override
    public boolean trainable() {
        return true;
    }

    @Override
    public LearnedEmbedding withMatrix(float... matrix) {
        return new LearnedEmbedding(classes(), width(), matrix);
    }

    /** Takes from {@code vector} what lies along {@code unit}: one step of the modified Gram-Schmidt method. */
    private static void subtractAlong(double[] unit, double[] vector) {
        double along = 0;
        for (int i = 0; i < unit.length; i++) {
            along += unit[i] * vector[i];
        }
        for (int i = 0; i < unit.length; i++) {
            vector[i] -= along * unit[i];
        }
    }

    private static void scaleToUnit(double[] vector) {
        double square = 0;
        for (double component : vector) {
            square += component * component;
        }
        double factor = 1 / Math.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= factor;
        }
    }
}

package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a block is trained for: the terms of its method's objective for a batch, and the whole gradient. */
sealed interface BlockObjective extends AutoCloseable permits DiscreteObjective, ContinuousObjective, FlowObjective {

    /**
     * The terms; the gradients of all that is trained are written.
     *
     * @param images x, [rows, imageWidth]
     */
    LossTerms measure(INDArray images, Batch batch);

    /** Bytes of its own. */
    long bytes();

    @Override
    void close();

    /**
     * The KL term of Equation 8, ½[ᾱ_0‖u_y‖² - d ᾱ_0 - d log(1-ᾱ_0)], a mean over a batch's rows.
     *
     * @param value in nats
     * @param byAlphaBar its gradient by ᾱ_0
     */
    record PriorTerm(double value, double byAlphaBar) {

        /** The term of a batch; trained label embeddings get their share of the gradient. */
        static PriorTerm of(int rows, double alphaBar, LabelMatrix matrix, int[] labels) {
            int width = matrix.width();
            double square = 0;
            for (int row = 0; row < rows; row++) {
                for (int j = 0; j < width; j++) {
                    double component = matrix.component(labels[row], j);
                    square += component * component / rows;
                    if (matrix.trainable()) {
                        matrix.slopes()[labels[row] * width + j] += alphaBar * component / rows;
                    }
                }
            }
            double value = (alphaBar * square - width * alphaBar - width * Math.log1p(-alphaBar)) / 2;
            return new PriorTerm(value, (square - width + width / (1 - alphaBar)) / 2);
        }
    }
}

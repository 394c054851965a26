package org.noprop.network;

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

package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Scratch;

/**
 * û = softmax(logits) · W_Embed: a convex combination of label embeddings.
 *
 * <p>Computed on the host: a few columns, for which native ops cost more than the arithmetic.
 */
final class Combine extends RowsUnit {
    private final int classes;
    private final int width;
    private final double[] embedding;
    private double[] probabilities = {};

    /** A combination of these label embeddings. */
    Combine(Scratch scratch, String name, LabelEmbedding labels) {
        super(scratch, name, List.of(), labels.classes(), labels.width());
        this.classes = labels.classes();
        this.width = labels.width();
        float[] matrix = labels.matrix();
        this.embedding = new double[matrix.length];
        Arrays.setAll(embedding, i -> matrix[i]);
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        int rows = in[0].rows();
        probabilities = new HostValues(in[0]).pull();
        output().matrix(rows);
        double[] combined = output().host().values();
        Arrays.fill(combined, 0);
        for (int row = 0; row < rows; row++) {
            Softmax.inPlace(probabilities, row * classes, classes);
            for (int k = 0; k < classes; k++) {
                double p = probabilities[row * classes + k];
                for (int j = 0; j < width; j++) {
                    combined[row * width + j] += p * embedding[k * width + j];
                }
            }
        }
        return output().host().push();
    }

    /** The softmax of the last {@link #forward}, rows × classes; the array itself. */
    double[] probabilities() {
        return probabilities;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        int rows = outputGradient.rows();
        double[] du = new HostValues(outputGradient).pull();
        inputGradient().matrix(rows);
        double[] gradient = inputGradient().host().values();
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < classes; k++) {
                double along = 0;
                for (int j = 0; j < width; j++) {
                    along += du[row * width + j] * embedding[k * width + j];
                }
                gradient[row * classes + k] = along;
            }
            Softmax.gradientInPlace(gradient, probabilities, row * classes, classes);
        }
        return new INDArray[] {inputGradient().host().push()};
    }
}

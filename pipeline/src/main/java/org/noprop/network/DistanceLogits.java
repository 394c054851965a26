package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Scratch;

/**
 * -‖y - u_k‖² / 2σ² for each class k: the logits of the posterior head (Equation 15 of arXiv 2503.24322v2),
 * on the host.
 */
final class DistanceLogits extends RowsUnit {
    private final LabelMatrix labels;
    private final double precision;
    private double[] estimate = {};

    /** Logits by the distances to these label embeddings, which get their share of the gradient. */
    DistanceLogits(Scratch scratch, String name, LabelMatrix labels, double sigma) {
        super(scratch, name, List.of(), labels.width(), labels.classes());
        this.labels = labels;
        this.precision = 1 / (sigma * sigma);
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        int width = labels.width();
        int classes = labels.classes();
        if (!training) {
            labels.pull();
        }
        estimate = new HostValues(in[0]).pull();
        output().matrix(in[0].rows());
        double[] logits = output().host().values();
        for (int i = 0; i < logits.length; i++) {
            double square = 0;
            for (int j = 0; j < width; j++) {
                double difference = estimate[i / classes * width + j] - labels.component(i % classes, j);
                square += difference * difference;
            }
            logits[i] = -precision * square / 2;
        }
        return output().host().push();
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        int width = labels.width();
        int classes = labels.classes();
        double[] slope = new HostValues(outputGradient).pull();
        inputGradient().matrix(outputGradient.rows());
        double[] gradient = inputGradient().host().values();
        Arrays.fill(gradient, 0);
        for (int i = 0; i < slope.length; i++) {
            for (int j = 0; j < width; j++) {
                int component = i / classes * width + j;
                double along = slope[i] * precision * (estimate[component] - labels.component(i % classes, j));
                gradient[component] -= along;
                if (labels.trainable()) {
                    labels.slopes()[i % classes * width + j] += along;
                }
            }
        }
        return new INDArray[] {inputGradient().host().push()};
    }
}

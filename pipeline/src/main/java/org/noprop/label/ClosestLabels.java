package org.noprop.label;

import java.io.Serializable;

/**
 * The two classes whose label embeddings lie closest together. Trained label embeddings that approach
 * each other collapse: what stands for two classes cannot tell them apart.
 *
 * @param first one class, the smaller number
 * @param second the other
 * @param distance ‖u_first - u_second‖
 */
public record ClosestLabels(int first, int second, double distance) implements Serializable {

    /** The closest pair of a label embedding; of several as close, the first in order. */
    public static ClosestLabels of(LabelEmbedding labels) {
        float[] matrix = labels.matrix();
        ClosestLabels closest = new ClosestLabels(0, 1, Double.POSITIVE_INFINITY);
        for (int first = 0; first < labels.classes(); first++) {
            for (int second = first + 1; second < labels.classes(); second++) {
                double distance = distance(matrix, first, second, labels.width());
                if (!(distance >= closest.distance)) {
                    closest = new ClosestLabels(first, second, distance);
                }
            }
        }
        return closest;
    }

    private static double distance(float[] matrix, int first, int second, int width) {
        double square = 0;
        for (int i = 0; i < width; i++) {
            double difference = (double) matrix[first * width + i] - matrix[second * width + i];
            square += difference * difference;
        }
        return Math.sqrt(square);
    }
}

package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import org.noprop.label.LabelEmbedding;

/** Looks at z of the first few rows of a run on its way. */
final class PathRecorder {
    private final int rows;
    private final int classes;
    private final int width;
    private final LabelEmbedding labels;
    private final List<float[]> moments = new ArrayList<>();

    PathRecorder(ImageRows images, LabelEmbedding embedding) {
        this.rows = Math.min(LabelPaths.mostRows(embedding.classes()), images.rows());
        this.classes = embedding.classes();
        this.width = embedding.width();
        this.labels = embedding;
    }

    /**
     * Keeps where some rows are at a moment.
     *
     * @param moment 0 for z_0, 1 … after that
     * @param first the first of the rows
     * @param count how many
     * @param z their z, count × d
     */
    void look(int moment, int first, int count, float[] z) {
        while (moments.size() <= moment) {
            moments.add(new float[rows * classes]);
        }
        float[] distances = moments.get(moment);
        for (int row = first; row < Math.min(rows, first + count); row++) {
            for (int k = 0; k < classes; k++) {
                distances[row * classes + k] = distance(z, (row - first) * width, k);
            }
        }
    }

    private float distance(float[] z, int offset, int label) {
        double squares = 0;
        for (int i = 0; i < width; i++) {
            double difference = z[offset + i] - labels.component(label, i);
            squares += difference * difference;
        }
        return (float) Math.sqrt(squares);
    }

    LabelPaths paths(List<String> names) {
        return new LabelPaths(names, rows, classes, moments);
    }
}

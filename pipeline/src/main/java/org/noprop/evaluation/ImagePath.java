package org.noprop.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.inference.LabelPaths;

/**
 * How z went its way for one image.
 *
 * @param row which test row
 * @param label its class
 * @param prediction what it was taken for in that run
 * @param distances for each moment the distance of z to each class's label embedding
 */
public record ImagePath(int row, int label, int prediction, List<float[]> distances) {
    private static final int RIGHT = 4;
    private static final int WRONG = 2;

    /** Copies the list. */
    public ImagePath {
        distances = List.copyOf(distances);
    }

    /**
     * A few to look at: the first rows of different classes that came out right, and the first that came out wrong.
     *
     * @param paths of the first rows
     * @param predictions of the same run
     * @param labels the class of each row
     */
    static List<ImagePath> choose(LabelPaths paths, int[] predictions, int[] labels) {
        List<Integer> seen = new ArrayList<>();
        Stream<Integer> right = IntStream.range(0, paths.rows())
                .filter(row -> predictions[row] == labels[row])
                .filter(row -> !seen.contains(labels[row]) && seen.add(labels[row]))
                .limit(RIGHT)
                .boxed();
        Stream<Integer> wrong = IntStream.range(0, paths.rows())
                .filter(row -> predictions[row] != labels[row])
                .limit(WRONG)
                .boxed();
        return Stream.concat(right, wrong)
                .map(row -> new ImagePath(row, labels[row], predictions[row], distances(paths, row)))
                .toList();
    }

    private static List<float[]> distances(LabelPaths paths, int row) {
        return paths.distances().stream()
                .map(moment -> {
                    float[] own = new float[paths.classes()];
                    System.arraycopy(moment, row * paths.classes(), own, 0, own.length);
                    return own;
                })
                .toList();
    }
}

package org.noprop.spark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.InvalidInputException;
import org.noprop.embedding.PatchDictionary;
import org.noprop.embedding.PatchFit;
import org.noprop.embedding.WhitenedSample;

/**
 * A dictionary of the means of clusters of patches, by the spherical k-means of Spark's MLlib (cosine distance, from
 * patches drawn at random). It runs in one task: sums of more than one come in an order that is not the same each time.
 */
final class PatchMeans {
    private static final String PATCH = "patch";
    private static final StructType SCHEMA = new StructType().add(PATCH, new VectorUDT(), false);

    private PatchMeans() {}

    /**
     * Clusters a sample.
     *
     * @param fit with at least one round of k-means
     * @throws InvalidInputException if so few patches differ that there are fewer clusters than atoms
     */
    static PatchDictionary of(SparkSession session, WhitenedSample sample, PatchFit fit) {
        List<Row> rows = IntStream.range(0, sample.count())
                .mapToObj(patch -> RowFactory.create(vector(sample, patch)))
                .toList();
        Dataset<Row> patches = session.createDataFrame(rows, SCHEMA).coalesce(1).cache();
        Vector[] means;
        try {
            means = new KMeans()
                    .setFeaturesCol(PATCH)
                    .setDistanceMeasure("cosine")
                    .setInitMode("random")
                    .setK(fit.count())
                    .setMaxIter(fit.kMeansRounds())
                    .setTol(0)
                    .setSeed(fit.seed())
                    .fit(patches)
                    .clusterCenters();
        } finally {
            patches.unpersist();
        }
        if (means.length < fit.count()) {
            throw new InvalidInputException("k-means found " + means.length + " clusters of patches where"
                    + " noprop.embedding.patches.count = " + fit.count()
                    + " are needed; raise noprop.embedding.patches.sample");
        }
        return new PatchDictionary(sample.whitening(), atoms(means, sample.length()));
    }

    private static Vector vector(WhitenedSample sample, int patch) {
        int length = sample.length();
        return Vectors.dense(IntStream.range(patch * length, (patch + 1) * length)
                .mapToDouble(i -> sample.patches()[i])
                .toArray());
    }

    private static float[] atoms(Vector[] means, int length) {
        float[] atoms = new float[means.length * length];
        for (int atom = 0; atom < means.length; atom++) {
            double[] mean = means[atom].toArray();
            double norm =
                    Math.sqrt(Arrays.stream(mean).map(value -> value * value).sum());
            for (int i = 0; i < length; i++) {
                atoms[atom * length + i] = (float) (mean[i] / norm);
            }
        }
        return atoms;
    }
}

package org.noprop.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.noprop.data.DamagedFileException;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;
import org.noprop.data.RunFolder;
import org.noprop.data.RunLock;
import org.noprop.data.Split;
import org.noprop.spark.ClassChunks.Chunk;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.SquaredDistances;
import org.noprop.tensor.Tensor;

/**
 * Chooses the prototypes of a run: for each class the training image with the smallest median distance to all
 * other images of its class (of several, the first by id), where prototype label embeddings start.
 *
 * <p>Images are first laid out class by class in files of bounded size. Then each file is a task: it holds its
 * own images, those of one other file of the class at a time, and the distances between its images and all of
 * the class, which the files' size keeps within a budget. So no task ever holds a class.
 */
final class PrototypeJob {
    /** Name of the m × d matrix of the chosen images in the file. */
    static final String IMAGES = "label-embedding";

    private static final String FOLDER = "label-embedding";
    private static final String FILE = FOLDER + "/prototypes.safetensors";
    /** After how much silence another job that chooses them counts as gone. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

    private static final String MEDIANS = "median-distance";
    /** 64 MB of distances. */
    private static final long BUDGET = 1L << 24;

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final String embeddings;
    private final String runs;
    private final RunFolder run;
    private final long budget;

    /**
     * The job of a run.
     *
     * @param embeddings folder of the image embeddings
     * @param runs folder of all runs
     */
    PrototypeJob(SparkSession session, String embeddings, String runs, RunFolder run) {
        this(session, embeddings, runs, run, BUDGET);
    }

    /** With another number of distances that a task may hold. */
    PrototypeJob(SparkSession session, String embeddings, String runs, RunFolder run, long budget) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.embeddings = embeddings;
        this.runs = Paths.qualified(spark.hadoopConfiguration(), runs);
        this.run = run;
        this.budget = budget;
    }

    /** The image of its class that a file offers. */
    private record Candidate(Chunk chunk, double median, float[] image) implements Serializable {
        /** The better one: smaller median, then earlier. */
        Candidate or(Candidate other) {
            if (median == other.median) {
                return chunk.index() < other.chunk.index() ? this : other;
            }
            return median < other.median ? this : other;
        }
    }

    /**
     * The prototypes that the run has, m × d row-major.
     *
     * @throws InvalidInputException if it has none, or their file is damaged
     */
    static float[] of(RunFolder run) {
        if (!run.has(FILE)) {
            throw new InvalidInputException("Run " + run.id() + " has no prototypes: no " + run.path() + "/" + FILE
                    + "; run train-blocks or train-baseline");
        }
        try {
            Tensor images = run.readTensors(FILE).get(IMAGES);
            if (images != null) {
                return images.values();
            }
        } catch (DamagedFileException e) {
            throw damaged(run, e.getMessage(), e);
        }
        throw damaged(run, "Cannot read " + run.path() + "/" + FILE + ": there are no " + IMAGES + " in it", null);
    }

    private static DamagedFileException damaged(RunFolder run, String what, Throwable cause) {
        return new DamagedFileException(
                what + "; delete that file, and train-blocks --resume of run " + run.id()
                        + " chooses the same prototypes again",
                cause);
    }

    /**
     * Chooses them, unless the run has them. Of jobs that train blocks of one run at once, one does so for all.
     *
     * @throws InvalidInputException if a class has no training image
     */
    void run(EmbeddingDescription data) {
        if (run.has(FILE)) {
            return;
        }
        spark.setJobDescription("prototypes");
        try (RunLock lock = run.lockFolderWhenFree(FOLDER, "the choice of prototypes", LOCK_TIMEOUT)) {
            if (!run.has(FILE)) {
                choose(data, lock);
            }
        } finally {
            spark.setJobDescription(null);
        }
    }

    private void choose(EmbeddingDescription data, RunLock lock) {
        try {
            Map<Integer, Candidate> best = JobRetry.of(spark.sc(), "The choice of prototypes", () -> {
                run.deleteTensors(ClassChunks.FOLDER);
                return choose(layOut(data));
            });
            lock.requireHeld();
            write(data, best);
        } finally {
            if (!lock.isLost()) {
                run.deleteTensors(ClassChunks.FOLDER);
            }
        }
    }

    private ClassChunks layOut(EmbeddingDescription data) {
        Dataset<Row> rows = InputTable.parquet(session, List.of(EmbeddingFolder.splitFolder(embeddings, Split.TRAIN)));
        Map<Integer, Long> counts = new HashMap<>();
        for (Row count : rows.groupBy(EmbeddingFolder.LABEL).count().collectAsList()) {
            counts.put(count.getInt(0), count.getLong(1));
        }
        for (int label = 0; label < data.classes(); label++) {
            if (!counts.containsKey(label)) {
                throw new InvalidInputException("Class " + data.classNames().get(label)
                        + " has no training image in " + embeddings + " that could be its prototype; set"
                        + " noprop.label.embedding = learned");
            }
        }
        ClassChunks chunks = new ClassChunks(
                new SerializableConfiguration(spark.hadoopConfiguration()),
                runs,
                run.id(),
                data.width(),
                counts,
                budget);
        rows.select(EmbeddingFolder.ID, EmbeddingFolder.LABEL, EmbeddingFolder.EMBEDDING)
                .repartition(counts.size(), functions.col(EmbeddingFolder.LABEL))
                .sortWithinPartitions(EmbeddingFolder.LABEL, EmbeddingFolder.ID)
                .as(Encoders.bean(EmbeddingRow.class))
                .toJavaRDD()
                .foreachPartition(chunks::write);
        return chunks;
    }

    private Map<Integer, Candidate> choose(ClassChunks chunks) {
        Map<Integer, Candidate> best = new TreeMap<>();
        spark.parallelize(chunks.all(), chunks.all().size())
                .map(chunk -> candidate(chunks, chunk))
                .collect()
                .forEach(candidate -> best.merge(candidate.chunk.label(), candidate, Candidate::or));
        return best;
    }

    private static Candidate candidate(ClassChunks chunks, Chunk chunk) {
        NativeBackend.load();
        int width = chunks.width();
        int all = Math.toIntExact(chunks.rows().get(chunk.label()));
        float[] own = chunks.read(chunk);
        int rows = own.length / width;
        float[] squares = new float[rows * all];
        int first = chunk.index() * chunks.rowsOfChunk(chunk.label());
        try (SquaredDistances distances = new SquaredDistances(width)) {
            for (int index = 0; index < chunks.count(chunk.label()); index++) {
                float[] other = index == chunk.index() ? own : chunks.read(new Chunk(chunk.label(), index));
                int offset = index * chunks.rowsOfChunk(chunk.label());
                distances.compute(own, rows, other, other.length / width, squares, all, offset);
            }
        }
        return smallestMedian(chunk, own, squares, all, first);
    }

    private static Candidate smallestMedian(Chunk chunk, float[] own, float[] squares, int all, int first) {
        int rows = squares.length / all;
        int width = own.length / rows;
        int best = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < rows; row++) {
            int start = row * all;
            squares[start + first + row] = squares[start]; // takes its distance to itself out of the others'
            double median = Medians.distance(squares, start + 1, start + all);
            if (median < smallest) {
                smallest = median;
                best = row;
            }
        }
        return new Candidate(chunk, smallest, Arrays.copyOfRange(own, best * width, (best + 1) * width));
    }

    private void write(EmbeddingDescription data, Map<Integer, Candidate> best) {
        int width = data.width();
        float[] images = new float[data.classes() * width];
        float[] medians = new float[data.classes()];
        best.forEach((label, candidate) -> {
            System.arraycopy(candidate.image, 0, images, label * width, width);
            medians[label] = (float) candidate.median;
        });
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put(IMAGES, Tensor.matrix(data.classes(), width, images));
        tensors.put(MEDIANS, Tensor.vector(medians));
        run.writeTensors(FILE, tensors);
    }
}

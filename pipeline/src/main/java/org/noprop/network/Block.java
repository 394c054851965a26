package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.label.ClassReader;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.NearestEmbedding;
import org.noprop.nn.BlockNetwork;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

/**
 * One block: a denoising network θ_t with its optimiser and, as far as its method trains them inside blocks, its own copy of
 * what all blocks have in common: label embeddings W_Embed, a head θ_out, a noise schedule. Back-propagation happens inside
 * it and nowhere else. Copies of what is in common are averaged between rounds.
 *
 * <p>Tensors of {@link #weights}: {@value #LABEL_EMBEDDING}, [m, d], if W_Embed is trained; {@value #HEAD_WEIGHT}, [d, m], and
 * {@value #HEAD_BIAS}, [m], if there is a head; names that begin with {@value #SCHEDULE_PREFIX} if the schedule is trained;
 * all others are θ_t and its running statistics.
 */
public final class Block extends TrainedNetwork implements Denoiser {
    /** Name of W_Embed, m × d. */
    public static final String LABEL_EMBEDDING = "label-embedding";
    /** Name of the weights of the head's linear layer, d × m. */
    public static final String HEAD_WEIGHT = "head.weight";
    /** Name of the biases of the head's linear layer, m. */
    public static final String HEAD_BIAS = "head.bias";
    /** What the names of a trained noise schedule's tensors begin with. */
    public static final String SCHEDULE_PREFIX = "schedule.";
    /** Name of its parameters. */
    public static final String SCHEDULE_PARAMETERS = SCHEDULE_PREFIX + "parameters";

    private final Parts parts;
    private final boolean shares;
    private final BatchInput images;
    private final BatchInput features;
    private final BatchInput noisedLabels;

    /**
     * What a block is made of.
     *
     * @param head null where none is trained in the block
     * @param schedule null where the method has none
     * @param beside the vector of what is trained beside the graph; none where nothing is
     */
    record Parts(
            Method method,
            NetworkShape shape,
            BlockInference inference,
            Graph graph,
            LabelMatrix labels,
            BlockHead head,
            ScheduleWeights schedule,
            List<WeightVector> beside,
            BlockObjective objective) {}

    private Block(Parts parts, OptimiserSettings optimiser) {
        super(parts.shape(), parts.graph(), parts.beside(), optimiser);
        this.parts = parts;
        this.shares = parts.labels().trainable() || parts.method().trainsSchedule();
        this.images = new BatchInput(shape().imageWidth());
        this.features = new BatchInput(parts.inference().featureWidth());
        this.noisedLabels = new BatchInput(shape().labelWidth());
    }

    /**
     * A new block.
     *
     * @param method what it is trained for
     * @param number which of the method's blocks it is, 1 …
     * @param image what it does with an image
     * @param labels the label embedding; where it starts, if it is trained
     * @param head which head, where blocks have one; its weights start at 0, equal in all blocks
     * @param weightSeed what the initial weights are drawn from
     * @throws IllegalArgumentException if label embeddings are images of another size than {@code image} takes
     */
    public static Block create(
            Method method,
            int number,
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            OptimiserSettings optimiser,
            long weightSeed) {
        NativeBackend.load();
        return new Block(parts(DataType.FLOAT, method, number, image, labels, head, weightSeed), optimiser);
    }

    /** The parts of a block, of float32 arrays or, for checks of gradients, float64. */
    static Parts parts(
            DataType type,
            Method method,
            int number,
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings headSettings,
            long weightSeed) {
        LabelMatrix matrix = new LabelMatrix(type, labels);
        boolean propagate = labels.trainable() || method.trainsSchedule();
        BlockNetwork network = method instanceof Method.Discrete
                ? BlockNetwork.discrete(image, labels, propagate)
                : BlockNetwork.continuous(image, labels, propagate, method instanceof Method.FlowMatching);
        Graph graph = new Graph(type, network.network(), matrix, new SplittableRandom(weightSeed));
        BlockInference inference = new BlockInference(graph, network);
        BlockHead head = method.headPlace(labels) == Method.HeadPlace.IN_BLOCKS
                ? new BlockHead(graph.scratch(), headSettings, matrix)
                : null;
        ScheduleWeights schedule =
                method instanceof Method.Continuous continuous ? new ScheduleWeights(continuous.settings()) : null;
        List<WeightVector> beside = beside(type, matrix, head, schedule);
        BlockObjective objective;
        if (method instanceof Method.Discrete dt) {
            objective = new DiscreteObjective(graph, matrix, head, dt, number);
        } else if (method instanceof Method.Continuous ct) {
            objective = new ContinuousObjective(graph, matrix, head, schedule, ct, number);
        } else {
            objective = new FlowObjective(graph, matrix, head, (Method.FlowMatching) method, number);
        }
        return new Parts(method, shape(image, matrix), inference, graph, matrix, head, schedule, beside, objective);
    }

    /** W_Embed and the schedule where they start, if they are trained, and a head of zeros. */
    private static List<WeightVector> beside(
            DataType type, LabelMatrix labels, BlockHead head, ScheduleWeights schedule) {
        if (head == null) {
            return List.of();
        }
        List<Weights> trained = new ArrayList<>(List.of(labels, head.weights()));
        if (schedule != null) {
            trained.add(schedule);
        }
        WeightVector vector = new WeightVector(type, trained);
        labels.start();
        if (schedule != null) {
            schedule.start();
        }
        return List.of(vector);
    }

    /**
     * One optimiser step on the method's objective, a mean over the batch's rows; batch norm, in discrete time, uses the
     * batch's own statistics.
     *
     * @param batch at least 2 rows in discrete time, otherwise at least 1
     * @return the terms before the step
     */
    public LossTerms trainStep(Batch batch) {
        if (parts.method() instanceof Method.Discrete) {
            requireRows(batch.rows());
        }
        LossTerms terms = parts.objective().measure(images.copy(batch.images(), 0, batch.rows()), batch);
        step();
        return terms;
    }

    @Override
    public int featureWidth() {
        return parts.inference().featureWidth();
    }

    @Override
    public void encodeImages(int rows, float[] x, float[] encoded) {
        for (int first = 0; first < rows; first += BatchInput.CHUNK) {
            int count = Math.min(BatchInput.CHUNK, rows - first);
            BatchInput.copyOut(parts.inference().encode(images.copy(x, first, count)), encoded, first);
        }
    }

    @Override
    public void estimate(int rows, float[] encoded, float[] z, double time, float[] output, float[] probabilities) {
        parts.inference().moveTo(time);
        for (int first = 0; first < rows; first += BatchInput.CHUNK) {
            int count = Math.min(BatchInput.CHUNK, rows - first);
            INDArray estimate = parts.inference()
                    .estimate(features.copy(encoded, first, count), noisedLabels.copy(z, first, count));
            BatchInput.copyOut(estimate, output, first);
            if (probabilities != null) {
                classify(count, first, time, z, output, probabilities);
            }
        }
    }

    private void classify(int rows, int first, double t, float[] z, float[] output, float[] probabilities) {
        int classes = shape().classes();
        if (parts.method() instanceof Method.FlowMatching) {
            float[] read = probabilitiesOfEnd(rows, first, t, z, output);
            System.arraycopy(read, 0, probabilities, first * classes, read.length);
        } else {
            BatchInput.copyOut(parts.inference().probabilities(), probabilities, first * classes);
        }
    }

    /** What is nearest to z̃_1 = z_t + (1-t) v. */
    private float[] probabilitiesOfEnd(int rows, int first, double t, float[] z, float[] velocity) {
        int width = shape().labelWidth();
        float[] end = new float[rows * width];
        for (int i = 0; i < end.length; i++) {
            end[i] = (float) (z[first * width + i] + (1 - t) * velocity[first * width + i]);
        }
        float[] read = new float[rows * shape().classes()];
        reader().probabilities(rows, end, read);
        return read;
    }

    /**
     * What reads a class from z at the end of the chain, with the weights as they are when it is asked for: the block's
     * head, or the nearest label embedding of NoProp-FM. It belongs to the block's thread, and ends with it.
     *
     * @throws UnsupportedOperationException if the head is trained apart from blocks
     */
    public ClassReader reader() {
        if (parts.method() instanceof Method.FlowMatching) {
            return new NearestEmbedding(labels());
        }
        if (parts.head() == null) {
            throw new UnsupportedOperationException("The head of fixed label embeddings is trained apart from blocks");
        }
        return parts.head();
    }

    /** The label embedding as it is now, copied out. */
    public LabelEmbedding labels() {
        return parts.labels().toEmbedding();
    }

    /**
     * The noise schedule as it is now: γ(t) of NoProp-CT, a value of its own that does not follow later steps.
     *
     * @throws UnsupportedOperationException if the block is of another method
     */
    public ContinuousSchedule schedule() {
        if (parts.schedule() == null) {
            throw new UnsupportedOperationException(parts.method().title() + " has no continuous noise schedule");
        }
        return parts.schedule().read();
    }

    /**
     * The names, out of those of {@link #weights}, of what blocks share. Empty if nothing that is trained here means
     * anything to another block: with fixed label embeddings and a fixed schedule a head learns the same from the same
     * noised labels in every block, and needs no exchange.
     */
    public SortedSet<String> sharedNames() {
        return shares ? besideNames() : new TreeSet<>();
    }

    /**
     * What is shared, copied out: for each of {@link #sharedNames} the value, and the moments under the name with
     * ".first-moment" and ".second-moment". All are means of what they are made from, so that they may be averaged tensor
     * by tensor.
     */
    public SortedMap<String, Tensor> shared() {
        return shares ? beside() : new TreeMap<>();
    }

    /**
     * Puts averages in the place of this block's own.
     *
     * @param tensors the names and shapes of {@link #shared}
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    public void loadShared(SortedMap<String, Tensor> tensors) {
        if (shares) {
            loadBeside(tensors);
        } else if (!tensors.isEmpty()) {
            throw new IllegalArgumentException("Tensor " + tensors.firstKey() + " is not one of the network's");
        }
    }

    @Override
    long batchBytes() {
        return images.bytes()
                + features.bytes()
                + noisedLabels.bytes()
                + parts.inference().bytes()
                + parts.labels().bytes()
                + parts.objective().bytes()
                + (parts.head() == null ? 0 : parts.head().bytes());
    }

    @Override
    public void close() {
        super.close();
        parts.inference().close();
        parts.objective().close();
        parts.labels().close();
        if (parts.head() != null) {
            parts.head().close();
        }
        images.close();
        features.close();
        noisedLabels.close();
    }
}

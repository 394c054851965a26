package org.noprop.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.diffusion.TimeSampler;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.Batch;
import org.noprop.network.Block;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.LossTerms;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.OptimiserSettings;

/**
 * Times one training step of every kind of block over an image embedding (batch 128, medians), and NoProp-CT's
 * inference: Euler's method over all steps for many images.
 *
 * <p>Arguments: width of the image embedding; one-hot, learned or prototype; timed training steps; images and
 * steps of the inference.
 */
public final class TimeBlockBenchmark {
    private static final int CLASSES = 10;
    private static final HeadSettings LINEAR = new HeadSettings.Linear();
    private static final OptimiserSettings ADAM = OptimiserSettings.adam(1e-3, 1e-3);
    private static final TimeIntervals WHOLE = TimeIntervals.equalTime(1, 0);
    private static final int CHUNK = 1000;

    private final int width;
    private final ImagePart part;
    private final LabelEmbedding labels;
    private final SplittableRandom random = new SplittableRandom(0);

    private TimeBlockBenchmark(int width, String kind) {
        this.width = width;
        this.part = ImagePart.embedding(width);
        this.labels = switch (kind) {
            case "one-hot" -> new OneHotEmbedding(CLASSES);
            case "learned" -> LearnedEmbedding.initial(CLASSES, 20, 1);
            default -> new PrototypeEmbedding(CLASSES, width, true, normal(CLASSES * width));
        };
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        NativeBackend.load();
        int steps = Integer.parseInt(arguments[2]);
        TimeBlockBenchmark benchmark = new TimeBlockBenchmark(Integer.parseInt(arguments[0]), arguments[1]);
        benchmark.discrete(steps);
        benchmark.continuous(steps, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        benchmark.flow(steps);
    }

    private void discrete(int steps) {
        if (!labels.trainable()) {
            Workload workload = new Workload(width);
            try (Block block = Workload.block(Integer.toString(width))) {
                print("DT", median(steps, () -> {
                    workload.step(block);
                    return new LossTerms(0, 0, 0, 0);
                }));
            }
            return;
        }
        train("DT", new Method.Discrete(NoiseSchedule.cosine(10), .1, 30), steps);
    }

    private void train(String title, Method method, int steps) {
        Batch batch = batch();
        try (Block block = block(method)) {
            print(title, median(steps, () -> block.trainStep(batch)));
        }
    }

    private Block block(Method method) {
        return Block.create(method, 1, part, labels, LINEAR, ADAM, 1);
    }

    private void continuous(int steps, int images, int samplerSteps) {
        ContinuousSettings settings =
                new ContinuousSettings(MonotoneGamma.initial(-7, 7), true, 1, Double.POSITIVE_INFINITY);
        Batch batch = batch();
        try (Block block = block(new Method.Continuous(settings, WHOLE))) {
            print("CT", median(steps, () -> block.trainStep(batch)));
            long start = System.nanoTime();
            for (int first = 0; first < images; first += CHUNK) {
                infer(block, Math.min(CHUNK, images - first), samplerSteps);
            }
            System.out.printf(
                    Locale.ROOT,
                    "CT inference: %d images, %d steps: %.1f s%n",
                    images,
                    samplerSteps,
                    (System.nanoTime() - start) / 1e9);
        }
    }

    private void infer(Block block, int rows, int steps) {
        float[] features = new float[rows * block.featureWidth()];
        block.encodeImages(rows, normal(rows * width), features);
        float[] z = normal(rows * labels.width());
        TimeSampler.Euler sampler = new TimeSampler.Euler(TimeSampler.Flow.probability(block.schedule()));
        for (int i = 0; i < steps; i++) {
            sampler.step(
                    (t, state, output) -> block.estimate(rows, features, state, t, output, null),
                    TimeSampler.time(i, steps),
                    TimeSampler.time(i + 1, steps),
                    z,
                    null,
                    z.length);
        }
    }

    private void flow(int steps) {
        train("FM", new Method.FlowMatching(0, WHOLE), steps);
    }

    private Batch batch() {
        int values = Workload.BATCH * labels.width();
        return new Batch(
                Workload.BATCH,
                normal(Workload.BATCH * width),
                random.ints(Workload.BATCH, 0, CLASSES).toArray(),
                random.doubles(Workload.BATCH).toArray(),
                DoubleStream.generate(random::nextGaussian).limit(values).toArray(),
                DoubleStream.generate(random::nextGaussian).limit(values).toArray(),
                new long[0]);
    }

    private float[] normal(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Of the second half of the steps. */
    private static double median(int steps, Supplier<LossTerms> step) {
        double[] times = new double[steps];
        for (int i = -steps; i < steps; i++) {
            long start = System.nanoTime();
            if (Double.isNaN(step.get().total())) {
                throw new IllegalStateException("The loss is not a number");
            }
            times[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[steps / 2];
    }

    private void print(String method, double milliseconds) {
        System.out.printf(
                Locale.ROOT,
                "%s, %s, images of %d: %.2f ms a step%n",
                method,
                labels.getClass().getSimpleName(),
                width,
                milliseconds);
    }
}

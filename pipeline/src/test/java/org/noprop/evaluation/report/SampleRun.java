package org.noprop.evaluation.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.noprop.data.BaselineKind;
import org.noprop.data.Pictures;
import org.noprop.evaluation.Accuracy;
import org.noprop.evaluation.BaselineFigures;
import org.noprop.evaluation.Calibration;
import org.noprop.evaluation.Comparison;
import org.noprop.evaluation.ConfusionMatrix;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.Evidence;
import org.noprop.evaluation.ImagePath;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.MemoryByBatch;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.MemoryVariant;
import org.noprop.evaluation.ObjectiveTerms;
import org.noprop.evaluation.Progress;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.SharedFigures;
import org.noprop.evaluation.SubjectMemory;
import org.noprop.evaluation.TrainingFacts;
import org.noprop.evaluation.TrainingTimes;
import org.noprop.evaluation.plan.Cluster;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.plan.StepTimes;
import org.noprop.evaluation.plan.Workload;

/** A run as it might have been, to make reports of. */
final class SampleRun {
    static final Calibration CALIBRATION = new Calibration(IntStream.range(3, 10)
            .mapToObj(bin ->
                    new Calibration.Bin(bin / 10.0, (bin + 1) / 10.0, 20 * bin, bin / 10.0 + 0.06, bin / 10.0 + 0.02))
            .toList());

    private static final int ROWS = 2000;

    private SampleRun() {}

    static EvaluationResult result(int classes, int blocks, Optional<Accuracy> baseline) {
        return result(
                classes,
                blocks,
                baseline.stream()
                        .map(accuracy -> new BaselineFigures(BaselineKind.BLOCKS, accuracy, CALIBRATION))
                        .toList());
    }

    static EvaluationResult result(int classes, int blocks, List<BaselineFigures> baselines) {
        SplittableRandom random = new SplittableRandom(4);
        Accuracy noprop = new Accuracy(List.of(0.971, 0.9725, 0.9715, 0.972, 0.9735));
        return new EvaluationResult(
                IntStream.range(0, classes).mapToObj(k -> "class <" + k + ">").toList(),
                ROWS,
                noprop,
                new Accuracy(List.of(0.974)),
                new Accuracy(List.of(0.9735)),
                IntStream.rangeClosed(1, blocks).mapToObj(String::valueOf).toList(),
                IntStream.range(0, blocks)
                        .mapToObj(i -> around(0.972 - 0.12 / (i + 1), random))
                        .toList(),
                IntStream.range(0, blocks)
                        .mapToObj(i -> around(0.86 - 0.7 * Math.pow(i / (double) blocks, 4), random))
                        .toList(),
                confusion(classes, random),
                baselines,
                Comparison.of(noprop.mean(), baselines, 1),
                evidence(classes, blocks));
    }

    private static Evidence evidence(int classes, int blocks) {
        return new Evidence(
                IntStream.rangeClosed(1, Math.min(10, blocks))
                        .mapToObj(used -> new Evidence.BlocksUsed(used, 0.97 - 0.1 / used))
                        .toList(),
                CALIBRATION,
                IntStream.rangeClosed(0, blocks).mapToObj(String::valueOf).toList(),
                List.of(path(0, 0, 0, classes, blocks), path(5, 1, 0, classes, blocks)));
    }

    private static ImagePath path(int row, int label, int prediction, int classes, int blocks) {
        List<float[]> distances = new ArrayList<>();
        for (int t = 0; t <= blocks; t++) {
            float[] moment = new float[classes];
            for (int k = 0; k < classes; k++) {
                double end = k == prediction ? 0 : 1.4;
                moment[k] = (float) (end + (3.2 + 0.1 * k - end) * (1 - t / (double) blocks));
            }
            distances.add(moment);
        }
        return new ImagePath(row, label, prediction, distances);
    }

    static RunFacts facts(int blocks) {
        return facts(blocks, Requirements.NONE);
    }

    static RunFacts facts(int blocks, Requirements requirements) {
        return facts(blocks, requirements, memory(blocks));
    }

    static RunFacts facts(int blocks, Requirements requirements, MemoryComparison memory) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("Spark", "3.5.7");
        environment.put("Java", "17.0.16");
        environment.put("Native backend", "nd4j-native, onednn-avx512, 1 thread");
        return new RunFacts(
                "quickstart-20250101-120000",
                "digits",
                Instant.parse("2025-01-01T12:00:00Z"),
                42,
                "sha256:9f2b6c1d0e4a7788",
                environment,
                "noprop {\n  run { seed = 42 }\n  label { embedding = one-hot }\n  # <kept> as it is & \"quoted\"\n}\n",
                "NoProp-DT",
                "test",
                training(
                        new TrainingTimes(
                                IntStream.range(0, blocks)
                                        .mapToObj(i -> Duration.ofMillis(11_000 + 170L * (i % 5)))
                                        .toList(),
                                Optional.of(Duration.ofMillis(640)),
                                Map.of(BaselineKind.BLOCKS, Duration.ofMillis(96_300))),
                        Optional.of(memory)),
                IntStream.rangeClosed(1, blocks).mapToObj(SampleRun::curve).toList(),
                requirements,
                Map.of(
                        0,
                        Picture.of(new Pictures(1, 1, 2, 1, new float[] {0, 1}), 0)
                                .orElseThrow()));
    }

    /** As plan might have found it: 7 blocks of 2 shards. */
    static ClusterPlan plan() {
        return ClusterPlan.of(
                new Workload(7, 2, 1280, 128, 2, 1, 0, 2),
                new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                new Cluster(3, 1e6, 0, 0, 1, 0, 1));
    }

    /** The same as it learnt on a validation split, with a plan. */
    static RunFacts learnt(RunFacts sample) {
        TrainingFacts training = sample.training();
        LearningProgress learning = new LearningProgress(
                OptionalDouble.empty(),
                0.01,
                2,
                new Progress(List.of(2, 4, 6), List.of(0.9, 0.965, 0.97), List.of(10.0, 20.0, 30.0)),
                new Progress(List.of(2, 4, 6), List.of(0.9, 0.965, 0.97), List.of(50.0, 100.0, 150.0)),
                new TreeMap<>(Map.of(
                        BaselineKind.BLOCKS, new Progress(List.of(1, 2), List.of(0.96, 0.975), List.of(25.0, 45.0)),
                        BaselineKind.MLP, new Progress(List.of(1), List.of(0.9), List.of(5.0)))));
        return new RunFacts(
                sample.runId(),
                sample.dataset(),
                sample.started(),
                sample.seed(),
                sample.dataFingerprint(),
                sample.environment(),
                sample.configuration(),
                sample.method(),
                sample.split(),
                new TrainingFacts(
                        training.objective(),
                        training.times(),
                        training.shared(),
                        training.blockBytes(),
                        training.baselineBytes(),
                        Optional.of(learning),
                        training.memory(),
                        Optional.of(plan())),
                sample.curves(),
                sample.requirements(),
                sample.pictures());
    }

    static TrainingFacts training(TrainingTimes times, Optional<MemoryComparison> memory) {
        ObjectiveTerms objective = new ObjectiveTerms(.1, .2, .3);
        return new TrainingFacts(
                objective,
                times,
                SharedFigures.NONE,
                OptionalLong.empty(),
                Map.of(),
                Optional.empty(),
                memory,
                Optional.empty());
    }

    private static MemoryComparison memory(int blocks) {
        SubjectMemory block = SubjectMemory.of(80_000_000, 10_000_000, 1, Map.of("weights", 85_000_000L));
        SubjectMemory baseline = SubjectMemory.of(620_000_000, 100_000_000, 1, Map.of("weights", 700_000_000L));
        return new MemoryComparison(128, 4, List.of(new MemoryPair(blocks, block, baseline)));
    }

    /** As measure finds it when it is asked for everything. */
    static MemoryComparison muchMemory(int blocks) {
        MemoryPair pair = memory(blocks).pairs().get(0);
        MemoryPair twice = new MemoryPair(2 * blocks, pair.block(), pair.baseline());
        return new MemoryComparison(
                128,
                4,
                List.of(pair, twice),
                List.of(
                        new MemoryVariant("all-blocks-in-one-process", blocks, pair.baseline()),
                        new MemoryVariant("one-block-by-back-propagation", 1, pair.block()),
                        new MemoryVariant("one-block-by-back-propagation", 1, pair.block())),
                List.of(new MemoryByBatch(32, pair), new MemoryByBatch(1024, pair)));
    }

    private static LearningCurve curve(int block) {
        return new LearningCurve(
                block,
                IntStream.rangeClosed(1, 12)
                        .mapToObj(epoch -> 0.3 / block / epoch + 0.02 / (block * block))
                        .toList());
    }

    private static Accuracy around(double accuracy, SplittableRandom random) {
        return new Accuracy(
                random.doubles(5, accuracy - 0.004, accuracy + 0.004).boxed().toList());
    }

    private static ConfusionMatrix confusion(int classes, SplittableRandom random) {
        int[][] counts = new int[classes][classes];
        for (int label = 0; label < classes; label++) {
            int rows = ROWS / classes;
            for (int mistake = 0; mistake < Math.max(1, rows / 25); mistake++) {
                counts[label][random.nextInt(classes)]++;
                rows--;
            }
            counts[label][label] += rows;
        }
        return new ConfusionMatrix(counts);
    }
}

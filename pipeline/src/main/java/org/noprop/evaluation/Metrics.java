package org.noprop.evaluation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.noprop.data.BaselineKind;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.label.ClosestLabels;

/**
 * {@code evaluation/metrics.json}, each key a component in kebab-case. Accuracies are fractions in [0, 1] of the test images,
 * differences are points (hundredths), times are seconds, memory is bytes. What does not exist is null, and left out.
 *
 * <p>Schema 2 added fewer-blocks, calibration, paths and requirements to schema 1 and changed nothing. Schema 3 added
 * learning, plan, and baselines, into which calibration.baseline and training-memory.baseline moved.
 *
 * @param classes their names
 * @param noprop the head on z_T
 * @param nopropAveraged the mean of the runs' probabilities
 * @param steps t = 1 … T, or moments of [0, 1]
 * @param chainByStep the block at work in the chain, for each of the steps
 * @param blocksAlone each block from pure noise
 * @param baseline the one of the highest mean accuracy
 * @param baselines by {@link BaselineKind#key}: the same blocks by back-propagation, a plain network
 * @param confusion rows are true classes, columns predicted ones; empty above 1,000 classes
 * @param fewerBlocks chains of fewer blocks, in discrete time only
 * @param calibration of "noprop-averaged"
 * @param objective of the training rows; not there for a run of an earlier version whose members of partition groups did not
 *     measure it
 * @param learning on the validation split where there is one, see {@link LearningProgress}: "target-accuracy", "slots",
 *     "noprop-with-a-worker-a-block", "noprop-on-slots", and each baseline by {@link BaselineKind#folder}
 * @param exchange what blocks averaged; 0 where they share nothing
 * @param closestLabelEmbeddings where they are trained
 * @param trainingMemory that the network of a block accounted for, as "block"
 * @param memory where measure has run
 * @param plan where plan has run
 */
public record Metrics(
        int schema,
        int testRows,
        List<String> classes,
        Share noprop,
        Share nopropAveraged,
        Share nopropWithoutNoise,
        List<String> steps,
        List<Share> chainByStep,
        List<Share> blocksAlone,
        Share baseline,
        Map<String, Baseline> baselines,
        Verdict comparison,
        int[][] confusion,
        List<Evidence.BlocksUsed> fewerBlocks,
        Map<String, Reliability> calibration,
        Paths paths,
        Objective objective,
        Times trainingSeconds,
        Map<String, Object> learning,
        Exchange exchange,
        Closest closestLabelEmbeddings,
        Map<String, Long> trainingMemory,
        MemoryComparison memory,
        ClusterPlan plan,
        Required requirements) {
    private static final int SCHEMA = 3;

    /** An accuracy; its standard error only with two runs or more. */
    public record Share(double mean, Double standardError, List<Double> runs) {
        static Share of(Accuracy accuracy) {
            return new Share(
                    accuracy.mean(), accuracy.runs().size() > 1 ? accuracy.standardError() : null, accuracy.runs());
        }

        static List<Share> of(List<Accuracy> accuracies) {
            return accuracies.stream().map(Share::of).toList();
        }
    }

    /** A calibration, of bins that have rows; confidence is the mean probability of the class given. */
    public record Reliability(double expectedError, List<Calibration.Bin> bins) {
        static Reliability of(Calibration calibration) {
            return new Reliability(calibration.expectedError(), calibration.bins());
        }
    }

    /** A baseline, with what its training took where that is known. */
    public record Baseline(Share accuracy, Reliability calibration, Double trainingSeconds, Long trainingMemory) {}

    /** NoProp beside the better baseline. */
    public record Verdict(double differencePoints, double marginPoints, boolean passed, String verdict) {}

    /** How z went its way: ‖z - u_k‖ for every class k, for each moment. */
    public record Paths(List<String> moments, List<ImagePath> images) {}

    /** The terms of the objective, and their sum. */
    public record Objective(double headCrossEntropy, double klToPrior, double denoising, double total) {}

    /**
     * Seconds of training.
     *
     * @param baseline of the same blocks or, where only those were trained, of the plain network
     */
    public record Times(List<Double> blocks, double blocksSum, double slowestBlock, Double head, Double baseline) {}

    /** How accuracy rose, by the seconds of training steps. */
    public record Rise(List<Integer> epochs, List<Double> accuracy, List<Double> seconds, Double secondsToTarget) {}

    /** Bytes that blocks and their averages took, and in how many rounds. */
    public record Exchange(long bytes, int rounds) {}

    /** The two classes whose label embeddings are nearest. */
    public record Closest(List<String> classes, double distance) {}

    /** The bounds that are set, and the sentences of those that are missed. */
    public record Required(
            Double accuracy, Double baselineDistance, Double memoryRatio, boolean met, List<String> missed) {}

    /** The figures of an evaluation and of the training before it. */
    public static Metrics of(EvaluationResult result, TrainingFacts training, Requirements requirements) {
        Evidence evidence = result.evidence();
        ObjectiveTerms terms = training.objective();
        return new Metrics(
                SCHEMA,
                result.testRows(),
                result.classNames(),
                Share.of(result.noprop()),
                Share.of(result.averaged()),
                Share.of(result.withoutNoise()),
                result.steps(),
                Share.of(result.chainByStep()),
                Share.of(result.blocksAlone()),
                result.baseline().map(better -> Share.of(better.accuracy())).orElse(null),
                baselines(result.baselines(), training),
                result.comparison().map(Metrics::verdict).orElse(null),
                result.confusion().isWritable() ? result.confusion().counts() : new int[0][],
                evidence.fewerBlocks().isEmpty() ? null : evidence.fewerBlocks(),
                Map.of("noprop-averaged", Reliability.of(evidence.calibration())),
                new Paths(evidence.moments(), evidence.paths()),
                Double.isFinite(terms.total())
                        ? new Objective(terms.headCrossEntropy(), terms.klToPrior(), terms.denoising(), terms.total())
                        : null,
                times(training.times()),
                training.learning().map(Metrics::learning).orElse(null),
                new Exchange(
                        training.shared().exchangedBytes(), training.shared().rounds()),
                training.shared()
                        .closest()
                        .map(pair -> closest(pair, result.classNames()))
                        .orElse(null),
                training.blockBytes().isPresent()
                        ? Map.of("block", training.blockBytes().getAsLong())
                        : Map.of(),
                training.memory().orElse(null),
                training.plan().orElse(null),
                required(requirements, requirements.missed(result, training.memoryOfRun())));
    }

    private static Map<String, Baseline> baselines(List<BaselineFigures> figures, TrainingFacts training) {
        if (figures.isEmpty()) {
            return null;
        }
        Map<String, Baseline> baselines = new LinkedHashMap<>();
        for (BaselineFigures baseline : figures) {
            BaselineKind kind = baseline.kind();
            baselines.put(
                    kind.key(),
                    new Baseline(
                            Share.of(baseline.accuracy()),
                            Reliability.of(baseline.calibration()),
                            training.times().of(kind).map(Metrics::seconds).orElse(null),
                            training.baselineBytes().get(kind)));
        }
        return baselines;
    }

    private static Verdict verdict(Comparison comparison) {
        return new Verdict(
                comparison.differencePoints(), comparison.marginPoints(), comparison.passed(), comparison.verdict());
    }

    private static Times times(TrainingTimes times) {
        return new Times(
                times.blocks().stream().map(Metrics::seconds).toList(),
                seconds(times.allBlocks()),
                seconds(times.slowestBlock()),
                times.head().map(Metrics::seconds).orElse(null),
                times.baseline().map(Metrics::seconds).orElse(null));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Map<String, Object> learning(LearningProgress learning) {
        OptionalDouble target = learning.target();
        Map<String, Object> figures = new LinkedHashMap<>();
        target.ifPresent(accuracy -> figures.put("target-accuracy", accuracy));
        figures.put("slots", learning.slots());
        figures.put("noprop-with-a-worker-a-block", rise(learning.workerABlock(), target));
        figures.put("noprop-on-slots", rise(learning.onSlots(), target));
        learning.baselines().forEach((kind, progress) -> figures.put(kind.folder(), rise(progress, target)));
        return figures;
    }

    private static Rise rise(Progress progress, OptionalDouble target) {
        OptionalDouble seconds = target.isPresent() ? progress.secondsTo(target.getAsDouble()) : target;
        return new Rise(progress.epochs(), progress.accuracy(), progress.seconds(), orNull(seconds));
    }

    private static Closest closest(ClosestLabels pair, List<String> classNames) {
        return new Closest(List.of(classNames.get(pair.first()), classNames.get(pair.second())), pair.distance());
    }

    private static Required required(Requirements bounds, List<String> missed) {
        return new Required(
                orNull(bounds.accuracy()),
                orNull(bounds.baselineDistance()),
                orNull(bounds.memoryRatio()),
                missed.isEmpty(),
                missed);
    }

    private static Double orNull(OptionalDouble figure) {
        return figure.isPresent() ? figure.getAsDouble() : null;
    }
}

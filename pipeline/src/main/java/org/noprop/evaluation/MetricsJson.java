package org.noprop.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.noprop.evaluation.plan.PlanJson;
import org.noprop.label.ClosestLabels;

/**
 * The text of {@code evaluation/metrics.json}, schema 3.
 *
 * <p>Accuracies are fractions in [0, 1] of the test images, differences are points (hundredths), times
 * are seconds. What does not exist is left out.
 *
 * <pre>
 * {
 *   "schema": 2,
 *   "test-rows": n,
 *   "classes": ["0", …],
 *   "noprop": ACCURACY,                  the head on z_T
 *   "noprop-averaged": ACCURACY,         the mean of the runs' probabilities
 *   "noprop-without-noise": ACCURACY,
 *   "steps": ["1", …],                   t = 1 … T, or moments of [0, 1]
 *   "chain-by-step": [ACCURACY, …],      the block at work in the chain, for each of the steps
 *   "blocks-alone": [ACCURACY, …],       each block from pure noise
 *   "baseline": ACCURACY,                the one of the highest mean accuracy
 *   "baselines": {"blocks": BASELINE, "mlp": BASELINE},   the same blocks by back-propagation, a plain network
 *   "comparison": {"difference-points": x, "margin-points": x, "passed": true, "verdict": "…"},
 *   "confusion": [[n, …], …],            rows are true classes, columns predicted ones; empty above 1,000 classes
 *   "fewer-blocks": [{"blocks": n, "accuracy": x}, …],   chains of fewer blocks, discrete time only
 *   "calibration": {"noprop-averaged": CALIBRATION},
 *   "paths": {"moments": ["0", …], "images": [{"row": n, "label": n, "prediction": n, "distances": [[x, …], …]}, …]},
 *   "objective": {"head-cross-entropy": x, "kl-to-prior": x, "denoising": x, "total": x},   training rows; not there
 *   for a run of an earlier version whose members of partition groups did not measure it
 *   "training-seconds": {"blocks": [x, …], "blocks-sum": x, "slowest-block": x, "head": x, "baseline": x},
 *                    baseline: of the same blocks or, where only those were trained, of the plain network
 *   "learning": {"target-accuracy": x, "slots": n, "noprop-with-a-worker-a-block": PROGRESS,
 *                "noprop-on-slots": PROGRESS, "baseline": PROGRESS, "baseline-mlp": PROGRESS},
 *                                        on the validation split where there is one, see {@link LearningProgress}
 *   "exchange": {"bytes": n, "rounds": n},   what blocks averaged; 0 where they share nothing
 *   "closest-label-embeddings": {"classes": ["3", "5"], "distance": x},   where they are trained
 *   "training-memory": {"block": n},     bytes that the network accounted for
 *   "memory": MEMORY,                    where measure has run, see {@link MemoryJson}
 *   "plan": PLAN,                        where plan has run, see {@link PlanJson}
 *   "requirements": {"accuracy": x, "baseline-distance": x, "memory-ratio": x,   the bounds that are set
 *                    "met": true, "missed": ["…", …]}
 * }
 * ACCURACY = {"mean": x, "standard-error": x, "runs": [x, …]}, standard-error only with 2 runs or more
 * PROGRESS = {"epochs": [n, …], "accuracy": [x, …], "seconds": [x, …], "seconds-to-target": x}
 * BASELINE = {"accuracy": ACCURACY, "calibration": CALIBRATION, "training-seconds": x, "training-memory": n}
 * CALIBRATION = {"expected-error": x, "bins": [{"from": x, "to": x, "rows": n, "confidence": x, "accuracy": x}, …]},
 *               bins that have rows; confidence is the mean probability of the class given
 * </pre>
 *
 * <p>A path has, for each moment, ‖z - u_k‖ for every class k. Schema 2 added fewer-blocks, calibration, paths and
 * requirements to schema 1 and changed nothing. Schema 3 added learning, plan, and baselines, into which calibration.baseline and
 * training-memory.baseline moved.
 */
public final class MetricsJson {
    private static final int SCHEMA = 3;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private MetricsJson() {}

    /** The text, ending with a line feed. */
    public static String of(EvaluationResult result, TrainingFacts training, Requirements requirements) {
        ObjectNode root = NODES.objectNode();
        root.put("schema", SCHEMA);
        root.put("test-rows", result.testRows());
        ArrayNode classes = root.putArray("classes");
        result.classNames().forEach(classes::add);
        root.set("noprop", accuracy(result.noprop()));
        root.set("noprop-averaged", accuracy(result.averaged()));
        root.set("noprop-without-noise", accuracy(result.withoutNoise()));
        ArrayNode steps = root.putArray("steps");
        result.steps().forEach(steps::add);
        root.set("chain-by-step", accuracies(result.chainByStep()));
        root.set("blocks-alone", accuracies(result.blocksAlone()));
        result.baseline().ifPresent(better -> root.set("baseline", accuracy(better.accuracy())));
        if (!result.baselines().isEmpty()) {
            ObjectNode baselines = root.putObject("baselines");
            result.baselines().forEach(baseline -> baselines.set(baseline.kind().key(), baseline(baseline, training)));
        }
        result.comparison().ifPresent(comparison -> root.set("comparison", comparison(comparison)));
        root.set("confusion", confusion(result.confusion()));
        EvidenceJson.put(root, result.evidence());
        if (Double.isFinite(training.objective().total())) {
            root.set("objective", objective(training.objective()));
        }
        root.set("training-seconds", times(training.times()));
        training.learning().ifPresent(learning -> root.set("learning", LearningJson.of(learning)));
        root.putObject("exchange")
                .put("bytes", training.shared().exchangedBytes())
                .put("rounds", training.shared().rounds());
        training.shared()
                .closest()
                .ifPresent(pair -> root.set("closest-label-embeddings", closest(pair, result.classNames())));
        root.set("training-memory", accounted(training));
        training.memory().ifPresent(measured -> root.set("memory", MemoryJson.node(measured)));
        training.plan().ifPresent(plan -> root.set("plan", PlanJson.node(plan)));
        root.set("requirements", requirements(requirements, requirements.missed(result, training.memoryOfRun())));
        return text(root);
    }

    private static String text(JsonNode root) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArrayNode accuracies(List<Accuracy> accuracies) {
        ArrayNode array = NODES.arrayNode();
        accuracies.forEach(accuracy -> array.add(accuracy(accuracy)));
        return array;
    }

    private static ObjectNode accuracy(Accuracy accuracy) {
        ObjectNode node = NODES.objectNode();
        node.put("mean", accuracy.mean());
        if (accuracy.runs().size() > 1) {
            node.put("standard-error", accuracy.standardError());
        }
        ArrayNode runs = node.putArray("runs");
        accuracy.runs().forEach(runs::add);
        return node;
    }

    private static ObjectNode baseline(BaselineFigures baseline, TrainingFacts training) {
        ObjectNode node = NODES.objectNode();
        node.set("accuracy", accuracy(baseline.accuracy()));
        EvidenceJson.put(node.putObject("calibration"), baseline.calibration());
        training.times().of(baseline.kind()).ifPresent(time -> node.put("training-seconds", seconds(time)));
        Long bytes = training.baselineBytes().get(baseline.kind());
        return bytes == null ? node : node.put("training-memory", bytes);
    }

    private static ObjectNode comparison(Comparison comparison) {
        ObjectNode node = NODES.objectNode();
        node.put("difference-points", comparison.differencePoints());
        node.put("margin-points", comparison.marginPoints());
        node.put("passed", comparison.passed());
        node.put("verdict", comparison.verdict());
        return node;
    }

    private static ArrayNode confusion(ConfusionMatrix confusion) {
        ArrayNode rows = NODES.arrayNode();
        for (int[] counts : confusion.isWritable() ? confusion.counts() : new int[0][]) {
            ArrayNode row = rows.addArray();
            for (int count : counts) {
                row.add(count);
            }
        }
        return rows;
    }

    private static ObjectNode requirements(Requirements bounds, List<String> missed) {
        ObjectNode node = NODES.objectNode();
        bounds.accuracy().ifPresent(bound -> node.put("accuracy", bound));
        bounds.baselineDistance().ifPresent(bound -> node.put("baseline-distance", bound));
        bounds.memoryRatio().ifPresent(bound -> node.put("memory-ratio", bound));
        node.put("met", missed.isEmpty());
        ArrayNode sentences = node.putArray("missed");
        missed.forEach(sentences::add);
        return node;
    }

    private static ObjectNode objective(ObjectiveTerms terms) {
        ObjectNode node = NODES.objectNode();
        node.put("head-cross-entropy", terms.headCrossEntropy());
        node.put("kl-to-prior", terms.klToPrior());
        node.put("denoising", terms.denoising());
        node.put("total", terms.total());
        return node;
    }

    private static ObjectNode closest(ClosestLabels pair, List<String> classNames) {
        ObjectNode node = NODES.objectNode();
        node.putArray("classes").add(classNames.get(pair.first())).add(classNames.get(pair.second()));
        return node.put("distance", pair.distance());
    }

    private static ObjectNode accounted(TrainingFacts training) {
        ObjectNode node = NODES.objectNode();
        training.blockBytes().ifPresent(bytes -> node.put("block", bytes));
        return node;
    }

    private static ObjectNode times(TrainingTimes times) {
        ObjectNode node = NODES.objectNode();
        ArrayNode blocks = node.putArray("blocks");
        times.blocks().forEach(block -> blocks.add(seconds(block)));
        node.put("blocks-sum", seconds(times.allBlocks()));
        node.put("slowest-block", seconds(times.slowestBlock()));
        times.head().ifPresent(head -> node.put("head", seconds(head)));
        times.baseline().ifPresent(baseline -> node.put("baseline", seconds(baseline)));
        return node;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}

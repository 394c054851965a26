package org.noprop.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Json;
import org.noprop.data.RunFolder;
import org.noprop.data.RunRecord;

/** Reads the figures of evaluated runs from their {@code evaluation/metrics.json}. */
public final class RunFiguresReader {
    private static final String FILE = "evaluation/metrics.json";

    private RunFiguresReader() {}

    /**
     * The figures of a run.
     *
     * @throws InvalidInputException if it is not evaluated, or its figures are damaged
     */
    public static RunFigures read(RunFolder run) {
        if (!run.has(FILE)) {
            throw new InvalidInputException("Run " + run.id() + " is not evaluated; run evaluate --run-id " + run.id());
        }
        try {
            return of(run.record(), Json.object(run.readText(FILE), run.path() + "/" + FILE));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "Cannot read " + run.path() + "/" + FILE + ": it holds no metrics; evaluate the run again with"
                            + " --resume",
                    e);
        }
    }

    private static RunFigures of(RunRecord record, JsonNode metrics) {
        JsonNode seconds = metrics.path("training-seconds");
        return new RunFigures(
                record.id(),
                record.configuration(),
                record.seed(),
                (int) number(metrics.path("test-rows")),
                accuracy(metrics.path("noprop")),
                accuracy(metrics.path("noprop-averaged")),
                accuracy(metrics.path("noprop-without-noise")),
                baselines(metrics.path("baselines")),
                number(seconds.path("slowest-block")),
                number(seconds.path("blocks-sum")),
                memoryRatio(metrics.path("memory"), seconds.path("blocks").size()));
    }

    private static Map<BaselineKind, RunFigures.Baseline> baselines(JsonNode node) {
        Map<BaselineKind, RunFigures.Baseline> baselines = new EnumMap<>(BaselineKind.class);
        for (BaselineKind kind : BaselineKind.values()) {
            JsonNode baseline = node.path(kind.key());
            if (!baseline.isMissingNode()) {
                baselines.put(
                        kind,
                        new RunFigures.Baseline(
                                accuracy(baseline.path("accuracy")), number(baseline.path("training-seconds"))));
            }
        }
        return baselines;
    }

    private static Accuracy accuracy(JsonNode node) {
        List<Double> runs = new ArrayList<>();
        node.path("runs").forEach(run -> runs.add(share(run)));
        return new Accuracy(runs);
    }

    private static OptionalDouble memoryRatio(JsonNode memory, int blocks) {
        return StreamSupport.stream(memory.path("pairs").spliterator(), false)
                .filter(pair -> pair.path("blocks").asInt() == blocks)
                .mapToDouble(pair -> number(pair.path("ratio")))
                .findFirst();
    }

    private static double share(JsonNode node) {
        if (number(node) > 1) {
            throw new IllegalArgumentException(node + " where a share belongs");
        }
        return number(node);
    }

    private static double number(JsonNode node) {
        if (!node.isNumber() || !(node.asDouble() >= 0) || Double.isInfinite(node.asDouble())) {
            throw new IllegalArgumentException(node + " where a number belongs");
        }
        return node.asDouble();
    }
}

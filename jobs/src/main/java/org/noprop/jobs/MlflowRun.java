package org.noprop.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;

/** What MLflow is told of an evaluated run, from the files of its folder. */
record MlflowRun(RunFolder folder) {
    private static final String METRICS = "evaluation/metrics.json";
    private static final String SETTINGS = "config/effective.conf";
    private static final int LONGEST_VALUE = 500;

    /** The files that are kept there. */
    Map<String, String> files() {
        return Map.of(
                "report/report.html",
                folder.readText("report/report.html"),
                METRICS,
                folder.readText(METRICS),
                SETTINGS,
                folder.readText(SETTINGS));
    }

    /** Every setting in force, by its key. */
    List<Param> params() {
        Config settings = ConfigFactory.parseString(folder.readText(SETTINGS)).getConfig("noprop");
        return settings.entrySet().stream()
                .map(entry -> Param.newBuilder()
                        .setKey(entry.getKey())
                        .setValue(shortened(String.valueOf(entry.getValue().unwrapped())))
                        .build())
                .toList();
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
    }

    /** The figures of the evaluation, by their path in its file, and of each block and epoch. */
    List<Metric> metrics() {
        long now = System.currentTimeMillis();
        List<Metric> metrics = new ArrayList<>();
        addNumbers(metrics, "", parse(METRICS, folder.readText(METRICS)), now);
        int blocks = folder.list("blocks").size();
        for (int t = 1; t <= blocks; t++) {
            Artifact block = folder.block(t);
            for (String line : block.metrics()) {
                JsonNode epoch = parse(block.path(), line);
                epoch.fields().forEachRemaining(figure -> {
                    if (!figure.getKey().startsWith("epoch")) {
                        add(
                                metrics,
                                block.name().replace('=', '-') + "/" + figure.getKey(),
                                figure.getValue(),
                                now,
                                epoch.path("epoch").asLong());
                    }
                });
            }
        }
        return metrics;
    }

    private static void addNumbers(List<Metric> metrics, String path, JsonNode node, long now) {
        if (node.isObject()) {
            node.fields()
                    .forEachRemaining(field -> addNumbers(
                            metrics,
                            path.isEmpty() ? field.getKey() : path + "/" + field.getKey(),
                            field.getValue(),
                            now));
        } else {
            add(metrics, path, node, now, 0);
        }
    }

    /** What is no finite number has no place in MLflow. */
    private static void add(List<Metric> metrics, String key, JsonNode value, long now, long step) {
        if (value.isNumber() && Double.isFinite(value.asDouble())) {
            metrics.add(Metric.newBuilder()
                    .setKey(key)
                    .setValue(value.asDouble())
                    .setTimestamp(now)
                    .setStep(step)
                    .build());
        }
    }

    private static JsonNode parse(String file, String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Cannot read " + file + ": " + e.getOriginalMessage(), e);
        }
    }
}

package org.noprop.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A configuration as HOCON, and the hash that tells whether two configurations train the same thing. */
public final class ConfigPrinter {
    private static final ConfigRenderOptions READABLE = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(false);

    /**
     * Settings that came after there were runs with hashes, each with the value that does what was done without it. With
     * that value it does not enter the hash, so that those runs are known again.
     */
    private static final Map<String, Object> LATER = Map.of();

    private ConfigPrinter() {}

    /** The whole configuration as HOCON, every key in alphabetical order, without {@link Secrets}; a preset of its own. */
    public static String print(NoPropConfig config) {
        return Secrets.hide(ConfigFactory.parseMap(Map.of("noprop", sections(config)))
                .root()
                .render(READABLE));
    }

    /**
     * Overrides as HOCON, without {@link Secrets}.
     *
     * @param overrides {@code key=value} each, as {@link ConfigReader#read} takes them
     * @throws InvalidConfigException if one is not of that form
     */
    public static String printOverrides(List<String> overrides) {
        List<String> problems = new ArrayList<>();
        Config parsed = Overrides.parse(overrides, problems);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        return Secrets.hide(parsed.root().render(READABLE));
    }

    /**
     * SHA-256, in hexadecimal, over the settings that determine what is trained: data, embedding, label,
     * diffusion, network, training and run.seed. Where runs go, what is waited for and how a model is evaluated do
     * not enter.
     */
    public static String settingsHash(NoPropConfig config) {
        Map<String, Object> trained = sections(config);
        trained.keySet().retainAll(List.of("data", "embedding", "label", "diffusion", "network", "training"));
        trained.put("seed", config.run().seed());
        Map<String, Object> training = config.training().settings();
        training.keySet().removeAll(TrainingConfig.BESIDE_THE_WEIGHTS);
        trained.put("training", training);
        Map<String, Object> data = config.data().settings();
        data.keySet().removeAll(DataConfig.ORIGIN);
        trained.put("data", data);
        Config settings = ConfigValueFactory.fromMap(trained).toConfig();
        for (Map.Entry<String, Object> later : LATER.entrySet()) {
            if (settings.getValue(later.getKey()).unwrapped().equals(later.getValue())) {
                settings = settings.withoutPath(later.getKey());
            }
        }
        String canonical = settings.root().render(ConfigRenderOptions.concise());
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static Map<String, Object> sections(NoPropConfig config) {
        Map<String, Object> sections = new HashMap<>();
        sections.put("run", config.run().settings());
        sections.put("data", config.data().settings());
        sections.put("embedding", config.embedding().settings());
        sections.put("label", config.label().settings());
        sections.put("diffusion", config.diffusion().settings());
        sections.put("network", config.network().settings());
        sections.put("training", config.training().settings());
        sections.put("baseline", config.baseline().settings());
        sections.put("resources", config.resources().settings());
        sections.put("inference", config.inference().settings(config.diffusion().method()));
        sections.put("evaluation", config.evaluation().settings());
        sections.put("tracking", config.tracking().settings());
        return sections;
    }
}

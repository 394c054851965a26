package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.noprop.config.ConfigReader;
import org.noprop.config.InvalidConfigException;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.training.TrainingMemory;
import org.noprop.training.TrainingPlan;

/** Every combination of what a method is made of is refused for the settings at fault, or can be trained. */
class CombinationsTest {
    private static final List<String> LABELS = List.of("one-hot", "learned", "prototype");
    private static final List<String> HEADS = List.of("linear", "posterior");
    private static final List<String> SCHEDULES = List.of("null", "cosine", "linear", "equal-mass", "trained");
    private static final List<String> SAMPLERS = List.of("null", "euler", "heun", "ancestral");
    private static final EmbeddingDescription DATA =
            new EmbeddingDescription(List.of(12, 12, 1), List.of("a", "b", "c"), Map.of(), "{}", "none");

    @TempDir
    Path folder;

    private Path preset;

    @BeforeEach
    void makeAPreset() throws IOException {
        preset = Files.writeString(folder.resolve("combination.conf"), "");
    }

    /** What the rules of the README say, written down once more. */
    private record Combination(
            String method, String labels, String head, String schedule, String sampler, int intervals, int shards) {
        List<String> settings() {
            return List.of(
                    "diffusion.method=" + method,
                    "label.embedding=" + labels,
                    "label.width=5",
                    "label.head=" + head,
                    "diffusion.schedule=" + schedule,
                    "inference.sampler=" + sampler,
                    "diffusion.intervals.count=" + intervals,
                    "training.shards=" + shards,
                    "training.batch-size=4",
                    "diffusion.blocks=2",
                    "network.channels=[2,3]");
        }

        /** The settings that a sentence must name. */
        Set<String> faults() {
            Set<String> faults = new TreeSet<>();
            if (!schedules(method).contains(schedule)) {
                faults.add("diffusion.schedule");
            }
            if (!samplers(method).contains(sampler)) {
                faults.add("inference.sampler");
            }
            if (method.equals("dt") && intervals > 1) {
                faults.add("diffusion.intervals.count");
            }
            if (method.equals("fm") && labels.equals("one-hot") && head.equals("posterior")) {
                faults.add("label.head");
            }
            if (shards > 1 && shares()) {
                faults.add("training.shards");
            }
            return faults;
        }

        private boolean shares() {
            boolean several = method.equals("dt") || intervals > 1;
            boolean trainsSchedule = schedule.equals("trained") || (method.equals("ct") && schedule.equals("null"));
            return several && (!labels.equals("one-hot") || trainsSchedule);
        }
    }

    private static List<String> schedules(String method) {
        return switch (method) {
            case "dt" -> List.of("null", "cosine", "linear", "equal-mass");
            case "ct" -> List.of("null", "cosine", "linear", "trained");
            default -> List.of("null");
        };
    }

    private static List<String> samplers(String method) {
        return switch (method) {
            case "dt" -> List.of("null");
            case "ct" -> SAMPLERS;
            default -> List.of("null", "euler", "heun");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"dt", "ct", "fm"})
    void theSettingsAtFaultAreNamedAndNoOthers(String method) {
        for (Combination combination : combinations(method)) {
            assertThat(namedBy(combination)).as("%s", combination).isEqualTo(combination.faults());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dt", "ct", "fm"})
    void whatIsNotRefusedMakesAStep(String method) {
        for (Combination combination : combinations(method)) {
            boolean first = combination.sampler.equals("null") && combination.shards == 1;
            if (first && combination.faults().isEmpty()) {
                for (String network : List.of("dense", "convolutional")) {
                    assertThat(memory(combination, network).ofBlock())
                            .as("%s, %s", combination, network)
                            .isPositive();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-hot", "learned", "prototype"})
    void theBaselineMakesAStepWithAllLabelEmbeddings(String labels) {
        for (String head : HEADS) {
            for (String network : List.of("dense", "convolutional")) {
                Combination combination = new Combination("dt", labels, head, "null", "null", 1, 1);
                assertThat(memory(combination, network).ofBaseline())
                        .as("%s, %s", combination, network)
                        .isPositive();
            }
        }
    }

    private static List<Combination> combinations(String method) {
        List<Combination> all = new ArrayList<>();
        for (String labels : LABELS) {
            for (String head : HEADS) {
                for (String schedule : SCHEDULES) {
                    for (String sampler : SAMPLERS) {
                        for (int intervals = 1; intervals <= 2; intervals++) {
                            for (int shards = 1; shards <= 2; shards++) {
                                all.add(new Combination(method, labels, head, schedule, sampler, intervals, shards));
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    private Set<String> namedBy(Combination combination) {
        Set<String> named = new TreeSet<>();
        try {
            ConfigReader.read(preset, combination.settings());
        } catch (InvalidConfigException e) {
            Matcher sentence = Pattern.compile("Invalid noprop\\.([a-z.-]+): \\S+ \\(must be .*\\) \\[--set]")
                    .matcher("");
            for (String problem : e.problems()) {
                assertThat(sentence.reset(problem).matches()).as(problem).isTrue();
                assertThat(named.add(sentence.group(1))).as(problem).isTrue();
            }
        }
        return named;
    }

    private TrainingMemory memory(Combination combination, String network) {
        List<String> settings = new ArrayList<>(combination.settings());
        settings.add("network.kind=" + network);
        NoPropConfig config = ConfigReader.read(preset, settings);
        TrainingPlan plan = TrainingPlans.of(config, DATA, new float[DATA.classes() * DATA.width()]);
        return new TrainingMemory(plan);
    }
}

package org.noprop.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeInterval;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;

/**
 * The assembled model of a run, {@code model/}: every weight in one safetensors file, and {@code model.json}
 * with all that is needed to use them. Neither Spark nor Java is needed to read it.
 *
 * <p>Tensors are named {@code block.TT.NAME}, {@code head.NAME}, {@code label-embedding} and {@code
 * schedule.NAME}, the NAMEs being those of the parts' own files; what blocks have in common stands there once.
 */
public final class ModelFolder {
    private static final int SCHEMA = 1;
    private static final String LABEL_EMBEDDING = "label-embedding";

    private ModelFolder() {}

    /**
     * Gathers the trained parts of a run and writes them to its {@code model/}.
     *
     * @param method how it was trained
     * @param labels the label embedding as it started
     * @throws org.noprop.data.InvalidInputException if one is missing or damaged
     */
    public static void write(RunFolder run, Method method, LabelEmbedding labels, EmbeddingDescription data) {
        CommonParts common = CommonParts.of(run, method, labels);
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int t = 1; t <= method.blocks(); t++) {
            String prefix = String.format(Locale.ROOT, "block.%02d.", t);
            SortedMap<String, Tensor> own = new TreeMap<>(run.block(t).weights());
            own.keySet().removeAll(common.tensors().keySet());
            own.forEach((name, tensor) -> tensors.put(prefix + name, tensor));
        }
        if (method.headPlace(labels) == Method.HeadPlace.APART) {
            run.head().weights().forEach((name, tensor) -> tensors.put("head." + name, tensor));
        }
        tensors.putAll(common.tensors());
        LabelEmbedding trained = common.labels(labels);
        tensors.put(LABEL_EMBEDDING, Tensor.matrix(trained.classes(), trained.width(), trained.matrix()));
        run.writeTensors("model/model.safetensors", tensors);
        run.writeText("model/model.json", description(run, method, labels, data));
    }

    private static String description(RunFolder run, Method method, LabelEmbedding labels, EmbeddingDescription data) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schema", SCHEMA);
        fields.put("method", method.title());
        fields.put("run", run.id());
        fields.put("blocks", method.blocks());
        fields.putAll(process(method));
        fields.put("label-width", labels.width());
        fields.put("image-shape", data.shape());
        fields.put("classes", data.classNames());
        fields.put("embedder", data.embedder());
        fields.put("data", data.fingerprint());
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and texts always have a JSON form", e);
        }
    }

    /** ᾱ_0 … ᾱ_T; or the ends of the blocks' intervals, with γ at 101 even moments where a schedule is fixed. */
    private static Map<String, Object> process(Method method) {
        if (method instanceof Method.Discrete discrete) {
            NoiseSchedule schedule = discrete.schedule();
            return Map.of(
                    "alpha-bar",
                    IntStream.rangeClosed(0, schedule.steps())
                            .mapToObj(schedule::alphaBar)
                            .toList());
        }
        if (method instanceof Method.Continuous continuous) {
            return continuous.trainsSchedule()
                    ? Map.of("cuts", cuts(continuous.intervals()))
                    : Map.of(
                            "cuts",
                            cuts(continuous.intervals()),
                            "gamma",
                            IntStream.rangeClosed(0, 100)
                                    .mapToObj(i ->
                                            continuous.settings().schedule().gamma(i / 100.0))
                                    .toList());
        }
        Method.FlowMatching flow = (Method.FlowMatching) method;
        return Map.of("cuts", cuts(flow.intervals()), "sigma", flow.sigma());
    }

    private static List<Double> cuts(TimeIntervals intervals) {
        return Stream.concat(Stream.of(0.0), intervals.all().stream().map(TimeInterval::to))
                .toList();
    }
}

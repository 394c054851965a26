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
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.RunFolder;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.Tensor;

/**
 * The assembled model of a run, {@code model/}: every weight in one safetensors file, and {@code model.json}
 * with all that is needed to use them. Neither Spark nor Java is needed to read it.
 *
 * <p>Tensors are named {@code block.TT.NAME}, {@code head.NAME} and {@code label-embedding}, the NAMEs being
 * those of the blocks' and the head's own files.
 */
public final class ModelFolder {
    private static final int SCHEMA = 1;

    private ModelFolder() {}

    /**
     * Gathers the trained blocks and the head of a run and writes them to its {@code model/}.
     *
     * @throws org.noprop.data.InvalidInputException if one is missing or damaged
     */
    public static void write(RunFolder run, NoiseSchedule schedule, LabelEmbedding labels, EmbeddingDescription data) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int t = 1; t <= schedule.steps(); t++) {
            String prefix = String.format(Locale.ROOT, "block.%02d.", t);
            run.block(t).weights().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
        }
        run.head().weights().forEach((name, tensor) -> tensors.put("head." + name, tensor));
        tensors.put("label-embedding", Tensor.matrix(labels.classes(), labels.width(), labels.matrix()));
        run.writeTensors("model/model.safetensors", tensors);
        run.writeText("model/model.json", description(run, schedule, labels, data));
    }

    private static String description(
            RunFolder run, NoiseSchedule schedule, LabelEmbedding labels, EmbeddingDescription data) {
        List<Double> alphaBars = IntStream.rangeClosed(0, schedule.steps())
                .mapToObj(schedule::alphaBar)
                .toList();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schema", SCHEMA);
        fields.put("method", "NoProp-DT");
        fields.put("run", run.id());
        fields.put("blocks", schedule.steps());
        fields.put("alpha-bar", alphaBars);
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
}

package org.noprop.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.noprop.data.InvalidInputException;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;

/** {@code model.json}: what a model is beside its weights. */
final class ModelJson {
    private static final int SCHEMA = 2;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String KIND = "kind";
    private static final String WIDTH = "width";

    private final JsonNode json;

    private ModelJson(JsonNode json) {
        this.json = json;
    }

    /** The text of a model. */
    static String write(ModelSettings settings, ModelDescription description) {
        ObjectNode json = MAPPER.createObjectNode().put("schema", SCHEMA);
        json.put("method", settings.method().title()).put("run", description.run());
        json.put("blocks", settings.method().blocks());
        ProcessJson.write(json, settings.method());
        json.put("label-embedding", kind(settings.labels()))
                .put("label-width", settings.labels().width());
        json.set("head", head(settings.head()));
        json.set("network", network(settings.image()));
        json.set("image-shape", MAPPER.valueToTree(description.imageShape()));
        json.set("classes", MAPPER.valueToTree(description.classNames()));
        json.put("embedder", description.embedder()).put("data", description.data());
        json.set("inference", inference(settings));
        try {
            return MAPPER.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers and texts always have a JSON form", e);
        }
    }

    private static String kind(LabelEmbedding labels) {
        if (labels instanceof PrototypeEmbedding) {
            return "prototype";
        }
        return labels.trainable() ? "learned" : "one-hot";
    }

    private static ObjectNode head(HeadSettings head) {
        ObjectNode json = MAPPER.createObjectNode();
        return head instanceof HeadSettings.Posterior posterior
                ? json.put(KIND, "posterior").put("sigma", posterior.sigma())
                : json.put(KIND, "linear");
    }

    private static ObjectNode network(ImagePart image) {
        ObjectNode json = MAPPER.createObjectNode();
        if (image instanceof ImagePart.Convolutions convolutions) {
            json.put(KIND, "convolutional").put("dropout", convolutions.dropout());
            json.set("channels", MAPPER.valueToTree(convolutions.channels()));
            return json;
        }
        return json.put(KIND, "dense").put(WIDTH, image.width());
    }

    private static ObjectNode inference(ModelSettings settings) {
        InferenceSettings inference = settings.inference();
        return MAPPER.createObjectNode()
                .put("seed", inference.seed())
                .put("noise", inference.noise())
                .put("runs", inference.runs())
                .put("batch-size", inference.batchSize())
                .put("steps", settings.time().steps())
                .put("sampler", settings.time().sampler().name().toLowerCase(Locale.ROOT));
    }

    /**
     * The content of a text.
     *
     * @param file how messages name it
     * @throws InvalidInputException if it is none, or of another version
     */
    static ModelJson read(String text, String file) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.path("schema").asInt() == SCHEMA) {
                return new ModelJson(json);
            }
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Cannot read " + file + ": it is not JSON", e);
        }
        throw new InvalidInputException(
                "Cannot read " + file + ": it is of another version; make the model again with evaluate --resume");
    }

    ModelDescription description() {
        return new ModelDescription(
                json.path("run").asText(),
                shape(),
                texts(json.path("classes")),
                json.path("embedder").asText(),
                json.path("data").asText());
    }

    /** Whether label embeddings are one-hot, of which no matrix is kept. */
    boolean isOneHot() {
        return json.path("label-embedding").asText().equals("one-hot");
    }

    /** The settings, with label embeddings that are {@code matrix}, m × d; which one-hot ones need not. */
    ModelSettings settings(Tensor matrix) {
        JsonNode inference = json.path("inference");
        return new ModelSettings(
                ProcessJson.read(json),
                labels(matrix),
                head(),
                image(),
                new TimeSettings(
                        inference.path("steps").asInt(),
                        TimeSettings.Sampler.valueOf(
                                inference.path("sampler").asText().toUpperCase(Locale.ROOT))),
                new InferenceSettings(
                        inference.path("seed").asLong(),
                        inference.path("noise").asDouble(1),
                        inference.path("runs").asInt(),
                        inference.path("batch-size").asInt()));
    }

    private LabelEmbedding labels(Tensor matrix) {
        int classes = json.path("classes").size();
        int width = json.path("label-width").asInt();
        return switch (json.path("label-embedding").asText()) {
            case "prototype" -> new PrototypeEmbedding(classes, width, true, matrix.values());
            case "learned" -> new LearnedEmbedding(classes, width, matrix.values());
            default -> new OneHotEmbedding(classes);
        };
    }

    private HeadSettings head() {
        JsonNode head = json.path("head");
        return head.path(KIND).asText().equals("posterior")
                ? new HeadSettings.Posterior(head.path("sigma").asDouble())
                : new HeadSettings.Linear();
    }

    private ImagePart image() {
        List<Integer> shape = shape();
        JsonNode network = json.path("network");
        if (network.path(KIND).asText().equals("convolutional")) {
            return new ImagePart.Convolutions(
                    new ImageShape(shape.get(0), shape.get(1), shape.get(2)),
                    numbers(network.path("channels")),
                    network.path("dropout").asDouble());
        }
        int components = description().width();
        return network.has(WIDTH)
                ? new ImagePart.Embedding(components, network.path(WIDTH).asInt())
                : ImagePart.embedding(components);
    }

    private List<Integer> shape() {
        return numbers(json.path("image-shape"));
    }

    private static List<Integer> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}

package org.noprop.embedding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.StreamSupport;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.Tensor;

/** Image embedders as they were stored beside embeddings or in a model. */
public final class StoredEmbedder {
    private StoredEmbedder() {}

    /**
     * The embedder that was stored.
     *
     * @param description what {@link ImageEmbedder#description} gave
     * @param shape what {@link ImageEmbedder#shape} gave
     * @param tensors what {@link ImageEmbedder#tensors} gave
     * @throws InvalidInputException if the description is of no embedder of ours
     */
    public static ImageEmbedder of(String description, List<Integer> shape, SortedMap<String, Tensor> tensors) {
        JsonNode json = parse(description);
        return switch (json.path("kind").asText()) {
            case "pixels" -> new PixelEmbedder(
                    shape.get(0), shape.get(1), numbers(json.path("mean")), numbers(json.path("deviation")));
            case "patches" -> PatchEmbedder.of(description, tensors);
            default -> throw new InvalidInputException(
                    "Nothing is stored that embeds images as the model's were embedded (" + description
                            + "); give image embeddings instead of images");
        };
    }

    private static JsonNode parse(String description) {
        try {
            return new ObjectMapper().readTree(description);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("The description of the embedder is not JSON: " + description, e);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}

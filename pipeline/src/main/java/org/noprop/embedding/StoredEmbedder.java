package org.noprop.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.StreamSupport;
import org.noprop.data.DamagedFileException;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Json;
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
     * @param file where they were found, for messages
     * @throws InvalidInputException if the description is of no embedder of ours, or does not fit
     */
    public static ImageEmbedder of(
            String description, List<Integer> shape, SortedMap<String, Tensor> tensors, String file) {
        JsonNode json = Json.object(description, file);
        try {
            return switch (json.path("kind").asText()) {
                case "pixels" -> new PixelEmbedder(shape, numbers(json.path("mean")), numbers(json.path("deviation")));
                case "patches" -> PatchEmbedder.of(description, tensors, file);
                default -> throw new InvalidInputException(
                        "Nothing is stored that embeds images as the model's were embedded (" + description
                                + "); give image embeddings instead of images");
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new DamagedFileException("Cannot read " + file + ": its embedder is damaged: " + e.getMessage(), e);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(number -> number.isNumber() ? number.asDouble() : Double.NaN)
                .toArray();
    }
}

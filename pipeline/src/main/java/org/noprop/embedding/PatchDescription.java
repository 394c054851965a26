package org.noprop.embedding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Which images a patch embedder takes, what it does with them, and how it was fitted; as JSON in the metadata of
 * the Parquet files.
 *
 * @param grid the patches of the images
 */
public record PatchDescription(PatchGrid grid, PatchSettings settings, PatchFit fit) implements Serializable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String THRESHOLD = "threshold";

    /**
     * The description for images of one size.
     *
     * @throws IllegalArgumentException if patches are larger than images, or there are more cells than patches
     */
    public static PatchDescription of(int height, int width, int channels, PatchSettings settings, PatchFit fit) {
        PatchGrid grid = new PatchGrid(height, width, channels, settings.size(), settings.stride());
        PoolingCells.require(grid, settings.pooling());
        return new PatchDescription(grid, settings, fit);
    }

    /** All of it as a JSON object. */
    String json() {
        ObjectNode json = MAPPER.createObjectNode().put("kind", "patches");
        json.put("height", grid.height()).put("width", grid.width()).put("channels", grid.channels());
        json.put("size", settings.size()).put("stride", settings.stride()).put("contrast", settings.contrast());
        json.put("unit-length", settings.unitLength());
        if (settings.encoding() instanceof ThresholdEncoding encoding) {
            json.put(THRESHOLD, encoding.threshold());
        } else if (settings.encoding() instanceof NearestEncoding encoding) {
            json.put("neighbours", encoding.count());
        }
        json.put("pooling", settings.pooling()).put("square-root", settings.squareRoot());
        json.put("mirror", settings.mirror());
        json.put("count", fit.count()).put("k-means-rounds", fit.kMeansRounds());
        json.put("sample", fit.sample()).put("whitening", fit.whitening()).put("rows", fit.rows());
        json.put("reduction", fit.reduction()).put("regulariser", fit.regulariser());
        return json.put("seed", fit.seed()).toString();
    }

    /**
     * The description that {@link #json} wrote.
     *
     * @throws IllegalArgumentException if it is another
     */
    static PatchDescription read(String text) {
        JsonNode json = parse(text);
        if (!json.path("kind").asText().equals("patches")) {
            throw new IllegalArgumentException("Not of a patch embedder: " + text);
        }
        Encoding encoding = json.has(THRESHOLD)
                ? new ThresholdEncoding(json.get(THRESHOLD).floatValue())
                : new NearestEncoding(json.get("neighbours").intValue());
        PatchSettings settings = new PatchSettings(
                json.get("size").intValue(),
                json.get("stride").intValue(),
                json.get("contrast").doubleValue(),
                json.get("unit-length").booleanValue(),
                encoding,
                json.get("pooling").intValue(),
                json.get("square-root").booleanValue(),
                json.path("mirror").booleanValue());
        PatchFit fit = new PatchFit(
                json.get("sample").intValue(),
                json.get("whitening").doubleValue(),
                json.get("count").intValue(),
                json.get("k-means-rounds").intValue(),
                json.get("rows").intValue(),
                json.get("reduction").intValue(),
                json.get("regulariser").doubleValue(),
                json.get("seed").longValue());
        return of(
                json.get("height").intValue(),
                json.get("width").intValue(),
                json.get("channels").intValue(),
                settings,
                fit);
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.noprop.embedding;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.Serializable;
import org.noprop.data.Json;

/**
 * Which images a patch embedder takes, what it does with them, and how it was fitted; as JSON in the metadata of
 * the Parquet files.
 *
 * @param grid the patches of the images
 */
public record PatchDescription(PatchGrid grid, PatchSettings settings, PatchFit fit) implements Serializable {
    private static final String KIND = "patches";

    /** The JSON: a threshold of a threshold encoding, or the neighbours of a nearest encoding. */
    @JsonNaming(KebabCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Fields(
            String kind,
            int height,
            int width,
            int channels,
            int size,
            int stride,
            double contrast,
            boolean unitLength,
            Float threshold,
            Integer neighbours,
            int pooling,
            boolean squareRoot,
            Boolean mirror,
            int count,
            int kMeansRounds,
            int sample,
            double whitening,
            int rows,
            int reduction,
            double regulariser,
            long seed) {}

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
        return Json.line(new Fields(
                KIND,
                grid.height(),
                grid.width(),
                grid.channels(),
                settings.size(),
                settings.stride(),
                settings.contrast(),
                settings.unitLength(),
                settings.encoding() instanceof ThresholdEncoding encoding ? encoding.threshold() : null,
                settings.encoding() instanceof NearestEncoding encoding ? encoding.count() : null,
                settings.pooling(),
                settings.squareRoot(),
                settings.mirror(),
                fit.count(),
                fit.kMeansRounds(),
                fit.sample(),
                fit.whitening(),
                fit.rows(),
                fit.reduction(),
                fit.regulariser(),
                fit.seed()));
    }

    /**
     * The description that {@link #json} wrote.
     *
     * @param file how messages name where it was found
     * @throws IllegalArgumentException if it is of no patch embedder
     * @throws org.noprop.data.InvalidInputException if it is none
     */
    static PatchDescription read(String text, String file) {
        Fields json = Json.read(text, Fields.class, file, "/threshold", "/neighbours", "/mirror");
        if (!json.kind.equals(KIND) || (json.threshold == null) == (json.neighbours == null)) {
            throw new IllegalArgumentException("It is not of a patch embedder: " + text);
        }
        Encoding encoding =
                json.threshold == null ? new NearestEncoding(json.neighbours) : new ThresholdEncoding(json.threshold);
        return of(
                json.height,
                json.width,
                json.channels,
                new PatchSettings(
                        json.size,
                        json.stride,
                        json.contrast,
                        json.unitLength,
                        encoding,
                        json.pooling,
                        json.squareRoot,
                        json.mirror != null && json.mirror),
                new PatchFit(
                        json.sample,
                        json.whitening,
                        json.count,
                        json.kMeansRounds,
                        json.rows,
                        json.reduction,
                        json.regulariser,
                        json.seed));
    }
}

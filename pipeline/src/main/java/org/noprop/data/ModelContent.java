package org.noprop.data;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/**
 * The files of an assembled model in memory, as a driver sends them to tasks.
 *
 * @param path where they lie or lay, for messages
 * @param files bytes by file name; not copied
 */
public record ModelContent(String path, Map<String, byte[]> files) implements Serializable {
    static final String WEIGHTS = "model.safetensors";
    static final String DESCRIPTION = "model.json";
    static final String EMBEDDER = "embedder.safetensors";

    /** Sorts them by name. */
    public ModelContent {
        files = new TreeMap<>(files);
    }

    /**
     * The files of a model.
     *
     * @param path where they are to lie
     * @param weights every tensor of it
     * @param description its {@code model.json}
     * @param embedder tensors of what embeds its images; none where it has none
     */
    public static ModelContent of(
            String path, SortedMap<String, Tensor> weights, String description, SortedMap<String, Tensor> embedder) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put(WEIGHTS, Safetensors.encode(weights));
        files.put(DESCRIPTION, description.getBytes(StandardCharsets.UTF_8));
        if (!embedder.isEmpty()) {
            files.put(EMBEDDER, Safetensors.encode(embedder));
        }
        return new ModelContent(path, files);
    }

    /** Its {@code model.json}. */
    public String description() {
        return new String(files.get(DESCRIPTION), StandardCharsets.UTF_8);
    }

    /**
     * Its weights.
     *
     * @throws InvalidInputException if they are missing or damaged
     */
    public SortedMap<String, Tensor> tensors() {
        if (!files.containsKey(WEIGHTS)) {
            throw InvalidInputException.cannotRead(path + "/" + WEIGHTS, "there is no such file");
        }
        return Safetensors.decode(files.get(WEIGHTS), path + "/" + WEIGHTS);
    }

    /**
     * Tensors of what embeds its images; none where it has none.
     *
     * @throws InvalidInputException if they are damaged
     */
    public SortedMap<String, Tensor> embedderTensors() {
        return files.containsKey(EMBEDDER)
                ? Safetensors.decode(files.get(EMBEDDER), path + "/" + EMBEDDER)
                : new TreeMap<>();
    }
}

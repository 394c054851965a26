package org.noprop.data;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
     * @param embedder tensors of what embeds its images; none where it has none
     * @param description gives its {@code model.json}, from the checksums of the others by name
     */
    public static ModelContent of(
            String path,
            SortedMap<String, Tensor> weights,
            SortedMap<String, Tensor> embedder,
            Function<SortedMap<String, String>, String> description) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put(WEIGHTS, Safetensors.encode(weights));
        if (!embedder.isEmpty()) {
            files.put(EMBEDDER, Safetensors.encode(embedder));
        }
        SortedMap<String, String> checksums = new TreeMap<>();
        files.forEach((name, bytes) -> checksums.put(name, Checksums.sha256(bytes)));
        files.put(DESCRIPTION, description.apply(checksums).getBytes(StandardCharsets.UTF_8));
        return new ModelContent(path, files);
    }

    /**
     * Checks the files.
     *
     * @param checksums SHA-256 by name
     * @throws DamagedFileException naming the first that is missing or does not match
     */
    public void check(Map<String, String> checksums) {
        checksums.forEach((name, checksum) -> {
            if (!files.containsKey(name) || !Checksums.sha256(files.get(name)).equals(checksum)) {
                throw new DamagedFileException(
                        "Cannot read " + path + "/" + name + ": it "
                                + (files.containsKey(name) ? "does not match its checksum" : "is missing")
                                + "; take the model from where it came again, or make it with evaluate --resume",
                        null);
            }
        });
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
        return Safetensors.decodeFinite(files.get(WEIGHTS), path + "/" + WEIGHTS);
    }

    /**
     * Tensors of what embeds its images; none where it has none.
     *
     * @throws InvalidInputException if they are damaged
     */
    public SortedMap<String, Tensor> embedderTensors() {
        return files.containsKey(EMBEDDER)
                ? Safetensors.decodeFinite(files.get(EMBEDDER), path + "/" + EMBEDDER)
                : new TreeMap<>();
    }
}

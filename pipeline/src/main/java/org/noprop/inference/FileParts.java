package org.noprop.inference;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.InvalidInputException;
import org.noprop.network.SharingNetwork;
import org.noprop.tensor.Tensor;

/**
 * The trained parts of an assembled model, whose tensors are named {@code block.TT.NAME}, {@code head.NAME}, {@code
 * label-embedding} and {@code schedule.NAME}.
 *
 * @param tensors all of them
 * @param path of their file
 */
record FileParts(SortedMap<String, Tensor> tensors, String path) implements ModelParts {
    private static final String HEAD = "head.";

    /** What the names of a block's tensors begin with. */
    static String blockPrefix(int t) {
        return String.format(Locale.ROOT, "block.%02d.", t);
    }

    /** The name of a tensor of a head that was trained apart. */
    static String headName(String name) {
        return HEAD + name;
    }

    @Override
    public Part block(int t) {
        return part("Block " + t, blockPrefix(t), "");
    }

    @Override
    public Part head() {
        return part("The head", HEAD, "");
    }

    @Override
    public Part sharedHead() {
        return part("The head", HEAD, HEAD);
    }

    @Override
    public Part labelEmbedding() {
        String name = SharingNetwork.LABEL_EMBEDDING;
        return part("The label embedding", name, name);
    }

    @Override
    public Part schedule() {
        String prefix = SharingNetwork.SCHEDULE_PREFIX;
        return part("The noise schedule", prefix, prefix);
    }

    /** The tensors whose names begin with {@code prefix}, which {@code replacement} takes the place of. */
    private Part part(String title, String prefix, String replacement) {
        SortedMap<String, Tensor> own = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                own.put(replacement + name.substring(prefix.length()), tensor);
            }
        });
        if (own.isEmpty()) {
            throw new InvalidInputException(
                    title + " is not in " + path + "; make the model again with evaluate --resume");
        }
        return new Part(title, path, own);
    }
}

package org.noprop.inference;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.InvalidInputException;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.ImageShape;
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
        String name = Block.LABEL_EMBEDDING;
        return part("The label embedding", name, name);
    }

    @Override
    public Part schedule() {
        String prefix = Block.SCHEDULE_PREFIX;
        return part("The noise schedule", prefix, prefix);
    }

    /**
     * Holds the sizes that a description gives against the tensors, so that nothing is made of a size that no tensor
     * has.
     *
     * @throws IllegalArgumentException naming the key of the description that does not fit
     */
    void requireFit(ImagePart image, Method method, int classes) {
        String first = blockPrefix(1);
        int inputs = image.components();
        if (image instanceof ImagePart.Convolutions convolutions) {
            ImageShape shape = convolutions.image();
            for (int i = 1; i <= convolutions.channels().size(); i++) {
                boolean pools = i == 1 || i == convolutions.channels().size();
                String weight = first + "convolution" + i + ".weight";
                int channels = convolutions.channels().get(i - 1);
                requireSize("image-shape", shape.channels(), weight, 2);
                requireSize("network.channels", channels, weight, 3);
                shape = pools ? shape.convolved(channels).pooled() : shape.convolved(channels);
            }
            inputs = shape.length();
        }
        String dense = first + (method instanceof Method.Discrete ? "image.dense.weight" : "image.weight");
        requireSize("image-shape", inputs, dense, 0);
        requireSize("network.width", image.width(), dense, 1);
        requireSize("classes", classes, first + "output.weight", 1);
        Map<String, List<Long>> shapes = shapes(first);
        for (int t = 2; t <= method.blocks(); t++) {
            if (!shapes(blockPrefix(t)).equals(shapes)) {
                throw new IllegalArgumentException(
                        "blocks is " + method.blocks() + ", and the tensors of block " + t + " are not as those of 1");
            }
        }
    }

    private void requireSize(String key, int size, String name, int dimension) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || tensor.shape().length <= dimension || tensor.shape()[dimension] != size) {
            throw new IllegalArgumentException(key + " makes dimension " + dimension + " of tensor " + name + " " + size
                    + ", but "
                    + (tensor == null ? "there is no such tensor" : "it is of " + Arrays.toString(tensor.shape())));
        }
    }

    private Map<String, List<Long>> shapes(String prefix) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
                shapes.put(name.substring(prefix.length()), shape);
            }
        });
        return shapes;
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

package org.noprop.inference;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Block;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;

/**
 * What the blocks of a trained model have in common: label embeddings, head and schedule, as far as they were
 * trained inside blocks. The values that were stored apart count, not the copy that each block went on to train.
 */
final class CommonParts {
    private final SortedMap<String, Tensor> tensors;

    private CommonParts(SortedMap<String, Tensor> tensors) {
        this.tensors = tensors;
    }

    /**
     * Those of a model.
     *
     * @param labels the label embedding as it started
     * @throws org.noprop.data.InvalidInputException if one is missing or damaged
     */
    static CommonParts of(ModelParts parts, Method method, LabelEmbedding labels) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        if (labels.trainable()) {
            tensors.putAll(parts.labelEmbedding().weights());
        }
        if (method.headPlace(labels) == Method.HeadPlace.IN_BLOCKS) {
            tensors.putAll(parts.sharedHead().weights());
        }
        if (method.trainsSchedule()) {
            tensors.putAll(parts.schedule().weights());
        }
        return new CommonParts(tensors);
    }

    /** The label embedding as it was trained. */
    LabelEmbedding labels(LabelEmbedding start) {
        return start.trainable()
                ? start.withMatrix(tensors.get(Block.LABEL_EMBEDDING).values())
                : start;
    }

    /**
     * The noise schedule as it was trained, if it was.
     *
     * @throws IllegalArgumentException if its parameters are missing, or not as many as it has
     */
    ContinuousSchedule schedule(ContinuousSettings settings) {
        if (!settings.trainSchedule()) {
            return settings.schedule();
        }
        Tensor parameters = tensors.get(Block.SCHEDULE_PARAMETERS);
        if (parameters == null) {
            throw new IllegalArgumentException("Tensor " + Block.SCHEDULE_PARAMETERS + " is missing");
        }
        float[] values = parameters.values();
        return new MonotoneGamma(
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }

    /** A block's weights with these in the place of its copies. */
    SortedMap<String, Tensor> in(SortedMap<String, Tensor> weights) {
        SortedMap<String, Tensor> together = new TreeMap<>(weights);
        together.putAll(tensors);
        return together;
    }

    /** By name. */
    SortedMap<String, Tensor> tensors() {
        return tensors;
    }
}

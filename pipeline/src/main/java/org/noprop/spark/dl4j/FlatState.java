package org.noprop.spark.dl4j;

import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.tensor.Tensor;

/** Named tensors as the one flat vector that dl4j-spark sends, adds and divides, in the order of their names. */
final class FlatState {
    private FlatState() {}

    /** All values, [1, count]. */
    static INDArray flatten(SortedMap<String, Tensor> tensors) {
        float[] flat = new float[count(tensors)];
        int start = 0;
        for (Tensor tensor : tensors.values()) {
            System.arraycopy(tensor.values(), 0, flat, start, tensor.values().length);
            start += tensor.values().length;
        }
        return Nd4j.createFromArray(new float[][] {flat});
    }

    /**
     * The values of a flat vector, named.
     *
     * @param flat [1, count]
     * @param like names and shapes
     */
    static SortedMap<String, Tensor> unflatten(INDArray flat, SortedMap<String, Tensor> like) {
        if (flat.length() != count(like)) {
            throw new IllegalArgumentException(flat.length() + " values for a state of " + count(like));
        }
        float[] values = flat.reshape(flat.length()).toFloatVector();
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        int start = 0;
        for (var entry : like.entrySet()) {
            float[] own = new float[entry.getValue().values().length];
            System.arraycopy(values, start, own, 0, own.length);
            tensors.put(entry.getKey(), new Tensor(entry.getValue().shape(), own));
            start += own.length;
        }
        return tensors;
    }

    private static int count(SortedMap<String, Tensor> tensors) {
        return tensors.values().stream()
                .mapToInt(tensor -> tensor.values().length)
                .sum();
    }
}

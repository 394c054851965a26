package org.noprop.network;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/** Named float arrays that leave and enter a network as tensors. */
final class TensorTable {
    private final SortedMap<String, Slice> slices = new TreeMap<>();

    /** Part of a Java array, or the whole of it, as a tensor of this shape. */
    private record Slice(float[] array, int start, long[] shape) {
        int length() {
            return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        }
    }

    /** Adds the values from {@code start} on. */
    void add(String name, float[] array, int start, long... shape) {
        slices.put(name, new Slice(array, start, shape));
    }

    /** Copies of all. */
    SortedMap<String, Tensor> read() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        slices.forEach((name, slice) -> tensors.put(
                name,
                new Tensor(
                        slice.shape().clone(),
                        Arrays.copyOfRange(slice.array(), slice.start(), slice.start() + slice.length()))));
        return tensors;
    }

    /**
     * Puts all of them back, or none.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    void write(SortedMap<String, Tensor> tensors) {
        check(tensors);
        slices.forEach((name, slice) ->
                System.arraycopy(tensors.get(name).values(), 0, slice.array(), slice.start(), slice.length()));
    }

    private void check(SortedMap<String, Tensor> tensors) {
        for (Map.Entry<String, Slice> entry : slices.entrySet()) {
            Tensor tensor = tensors.get(entry.getKey());
            if (tensor == null) {
                throw new IllegalArgumentException("Tensor " + entry.getKey() + " is missing");
            }
            if (!Arrays.equals(tensor.shape(), entry.getValue().shape())) {
                throw new IllegalArgumentException("Tensor " + entry.getKey() + " has shape "
                        + Arrays.toString(tensor.shape()) + " where the network has "
                        + Arrays.toString(entry.getValue().shape()));
            }
        }
        for (String name : tensors.keySet()) {
            if (!slices.containsKey(name)) {
                throw new IllegalArgumentException("Tensor " + name + " is not one of the network's");
            }
        }
    }
}

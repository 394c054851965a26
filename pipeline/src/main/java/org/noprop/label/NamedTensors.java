package org.noprop.label;

import java.util.Arrays;
import java.util.SortedMap;
import org.noprop.tensor.Tensor;

/** Checks of tensors by name. */
final class NamedTensors {
    private NamedTensors() {}

    /**
     * Refuses tensors that do not have the names and shapes of the wanted ones.
     *
     * @param owner whose tensors they are, for the message
     * @throws IllegalArgumentException naming the first that differs
     */
    static void requireSame(String owner, SortedMap<String, Tensor> wanted, SortedMap<String, Tensor> given) {
        wanted.forEach((name, tensor) -> {
            if (!given.containsKey(name)) {
                throw new IllegalArgumentException("Tensor " + name + " of " + owner + " is missing");
            }
            long[] shape = given.get(name).shape();
            if (!Arrays.equals(shape, tensor.shape())) {
                throw new IllegalArgumentException("Tensor " + name + " of " + owner + " must have shape "
                        + Arrays.toString(tensor.shape()) + ", got " + Arrays.toString(shape));
            }
        });
        for (String name : given.keySet()) {
            if (!wanted.containsKey(name)) {
                throw new IllegalArgumentException("Tensor " + name + " is unknown to " + owner);
            }
        }
    }
}

package org.noprop.training;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.Tensor;

/**
 * Tensors that one of several learners trained, and how much its word weighs when they are averaged.
 *
 * @param tensors by name
 * @param rows the training rows behind them, positive
 */
public record WeightedTensors(SortedMap<String, Tensor> tensors, long rows) implements Serializable {
    /** Nothing to average. */
    public static final WeightedTensors NONE = new WeightedTensors(new TreeMap<>(), 1);

    /** Whether there is nothing to average. */
    public boolean isEmpty() {
        return tensors.isEmpty();
    }

    /**
     * Σ rows_k w_k / Σ rows_k for every value w, added up in double precision in the order of the members,
     * so that the same members in the same order give the same bits.
     *
     * @param members at least one, all with the same names and shapes
     */
    public static WeightedTensors average(List<WeightedTensors> members) {
        long rows = members.stream().mapToLong(WeightedTensors::rows).sum();
        SortedMap<String, Tensor> average = new TreeMap<>();
        for (String name : members.get(0).tensors.keySet()) {
            average.put(name, average(name, members, rows));
        }
        return new WeightedTensors(average, rows);
    }

    private static Tensor average(String name, List<WeightedTensors> members, long rows) {
        Tensor first = members.get(0).tensors.get(name);
        double[] sum = new double[first.values().length];
        for (WeightedTensors member : members) {
            float[] values = member.tensors.get(name).values();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (double) member.rows * values[i];
            }
        }
        float[] values = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            values[i] = (float) (sum[i] / rows);
        }
        return new Tensor(first.shape().clone(), values);
    }
}

package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.Tensor;

class WeightedTensorsTest {
    @Test
    void aMemberWeighsAsMuchAsItsRows() {
        WeightedTensors average = WeightedTensors.average(
                List.of(of(300, Tensor.matrix(1, 2, 1, -4)), of(100, Tensor.matrix(1, 2, 5, 8))));

        assertThat(average).isEqualTo(of(400, Tensor.matrix(1, 2, 2, -1)));
    }

    @Test
    void whatIsTheSameEverywhereStaysTheSameBitForBit() {
        Tensor odd = Tensor.vector(0.1f, 1 / 3f, 1e-38f, 3.4e38f, 123457);

        assertThat(WeightedTensors.average(List.of(of(333, odd), of(334, odd), of(7, odd))))
                .isEqualTo(of(674, odd));
    }

    private static WeightedTensors of(long rows, Tensor tensor) {
        return new WeightedTensors(new TreeMap<>(Map.of("w", tensor)), rows);
    }
}

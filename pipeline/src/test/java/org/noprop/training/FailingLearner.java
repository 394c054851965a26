package org.noprop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import org.noprop.data.EmbeddingTable;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/** A real head that learns, until the epoch in which it is told to fail. */
final class FailingLearner implements Learner {
    final EmbeddingTable rows;
    private final Learner head;
    private final int failsInEpoch;
    int firstEpoch;
    int lastEpoch;
    boolean diverges;
    IntConsumer beforeEpoch = epoch -> {};
    double[] accuracies = {};
    final List<SortedMap<String, Tensor>> loaded = new ArrayList<>();

    FailingLearner(EmbeddingTable rows, Learner head, int failsInEpoch) {
        this.rows = rows;
        this.head = head;
        this.failsInEpoch = failsInEpoch;
    }

    @Override
    public int number() {
        return head.number();
    }

    @Override
    public Trainable subject() {
        return head.subject();
    }

    @Override
    public double step(int epoch, int[] order, int from, int count) {
        if (epoch == failsInEpoch) {
            throw new IllegalStateException("stopped in epoch " + epoch);
        }
        if (epoch != lastEpoch) {
            beforeEpoch.accept(epoch);
        }
        firstEpoch = firstEpoch == 0 ? epoch : firstEpoch;
        lastEpoch = epoch;
        double loss = head.step(epoch, order, from, count);
        return diverges ? Double.NaN : loss;
    }

    @Override
    public String lossName() {
        return head.lossName();
    }

    @Override
    public Map<String, Double> validate() {
        return accuracies.length == 0
                ? head.validate()
                : Map.of(ArtifactFigures.VALIDATION_ACCURACY, accuracies[lastEpoch - 1]);
    }

    @Override
    public void loadShared(SortedMap<String, Tensor> averaged) {
        loaded.add(averaged);
    }
}

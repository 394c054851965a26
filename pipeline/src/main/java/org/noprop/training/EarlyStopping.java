package org.noprop.training;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.tensor.Tensor;

/**
 * Ends training when the accuracy on held-out rows has not risen for some epochs, and keeps the weights of the epoch
 * where it was highest, the first of several. The best weights lie in the artifact's folder while it trains; after a
 * stop they are found again, or made again by the same epochs.
 */
final class EarlyStopping {
    private final int patience;
    private final Artifact artifact;
    private int epoch;
    private int bestEpoch;
    private double best = Double.NEGATIVE_INFINITY;

    /**
     * No epoch yet.
     *
     * @param patience epochs to wait for a higher accuracy, or 0 to train to the end
     * @param artifact what is trained
     */
    EarlyStopping(int patience, Artifact artifact) {
        this.patience = patience;
        this.artifact = artifact;
    }

    /** Takes note of epochs that an attempt before this one has made. */
    void replay(List<String> lines) {
        for (EpochMetrics line : EpochMetrics.parse(lines, artifact.path())) {
            isBest(line.epoch(), line.figures());
        }
    }

    /**
     * Takes note of an epoch, and keeps its weights if they are the best so far.
     *
     * @param state after it
     * @param learner what learned
     */
    void after(ArtifactState state, Learner learner) {
        if (isBest(state.epoch(), state.figures())) {
            artifact.keepBest(state, learner.subject().weights());
        }
    }

    private boolean isBest(int newEpoch, Map<String, Double> figures) {
        epoch = newEpoch;
        Double accuracy = figures.get(ArtifactFigures.VALIDATION_ACCURACY);
        if (patience == 0 || accuracy == null || accuracy <= best) {
            return false;
        }
        best = accuracy;
        bestEpoch = epoch;
        return true;
    }

    /** Whether the accuracy has not risen for long enough. */
    boolean isOver() {
        return patience > 0 && bestEpoch > 0 && epoch - bestEpoch >= patience;
    }

    /** Leaves the artifact finished: with the best weights, or the last where none were chosen. */
    void finish(ArtifactState last, Learner learner) {
        if (bestEpoch == 0) {
            artifact.finish(last, learner.subject().weights());
            return;
        }
        SortedMap<String, Tensor> weights = artifact.bestWeights(bestEpoch);
        learner.subject().loadWeights(weights);
        artifact.finish(chosen(last), weights);
    }

    /** The state with the accuracy of the chosen epoch, and which that was. */
    private ArtifactState chosen(ArtifactState last) {
        Map<String, Double> figures = new TreeMap<>(last.figures());
        figures.put(ArtifactFigures.VALIDATION_ACCURACY, best);
        figures.put(ArtifactFigures.BEST_EPOCH, (double) bestEpoch);
        return new ArtifactState(last.name(), last.epoch(), last.epochs(), last.settings(), figures, last.metrics());
    }
}

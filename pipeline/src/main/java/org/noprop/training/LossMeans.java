package org.noprop.training;

import java.util.Map;
import org.noprop.network.LossTerms;

/** Means over an epoch of those terms of an objective that the epoch's loss does not show. */
final class LossMeans {
    private double head;
    private double kl;
    private double denoising;
    private long rows;

    /** Adds a batch of {@code count} rows. */
    void add(LossTerms terms, int count) {
        head += count * terms.head();
        kl += count * terms.kl();
        denoising += count * terms.denoising();
        rows += count;
    }

    /** The means since the last call, by the names of {@link ArtifactFigures}; empty where nothing was added. */
    Map<String, Double> takeFigures() {
        Map<String, Double> figures = rows == 0
                ? Map.of()
                : Map.of(
                        ArtifactFigures.CROSS_ENTROPY, head / rows,
                        ArtifactFigures.KL_TO_PRIOR, kl / rows,
                        ArtifactFigures.DENOISING, denoising / rows);
        head = 0;
        kl = 0;
        denoising = 0;
        rows = 0;
        return figures;
    }
}

package org.noprop.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.label.ClosestLabels;
import org.noprop.network.Block;
import org.noprop.training.Round;
import org.noprop.training.SharedParts;
import org.noprop.training.TrainingPlan;

/**
 * The rounds of the blocks of a run that have something in common. A round is one Spark job: each block trains in a
 * task of its own; what they share, a few kB to a few MB, goes through a shuffle to a task that averages it in the
 * order of the blocks, weighted by training rows, and writes the averages to the run folder, where the tasks of the
 * next round find them.
 */
final class SharedRounds {
    private final RunFolder run;
    private final TrainingPlan plan;
    private final SharedParts parts;

    SharedRounds(RunFolder run, TrainingPlan plan) {
        this.run = run;
        this.plan = plan;
        this.parts = new SharedParts(run, plan);
    }

    /**
     * The rounds from the newest on whose start is there.
     *
     * @throws InvalidInputException if a block is finished, but what it shares is not there
     */
    List<Round> missing() {
        List<Round> rounds = plan.rounds();
        Round first = rounds.get(0);
        for (Round round : rounds.subList(1, rounds.size())) {
            first = parts.hasAveragesBefore(round) ? round : first;
        }
        for (int block = 1; block <= plan.blocks(); block++) {
            if (!first.isLast() && run.block(block).isFinished()) {
                throw new InvalidInputException(run.block(block).title() + " in "
                        + run.block(block).path() + " is finished, but what the blocks of run " + run.id()
                        + " share is not there after round " + (rounds.size() - 1) + "; train a new run");
            }
        }
        return rounds.subList(first.number() - 1, rounds.size());
    }

    /** Takes what blocks have in common from the last block, where they average nothing. */
    void finishFromLastBlock() {
        parts.finish(run.block(plan.blocks()).weights());
    }

    /**
     * The warning of two classes whose trained label embeddings nearly coincide, if any do.
     *
     * @param least the distance below which they do
     */
    static Optional<String> collapse(RunFolder run, TrainingPlan plan, EmbeddingDescription data, double least) {
        if (!plan.labels().trainable()) {
            return Optional.empty();
        }
        float[] matrix =
                run.labelEmbedding().weights().get(Block.LABEL_EMBEDDING).values();
        ClosestLabels closest = ClosestLabels.of(plan.labels().withMatrix(matrix));
        return closest.distance() < least
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "The label embeddings of %s and %s have come as close as %.3g, below"
                                + " noprop.evaluation.collapse-distance = %s: what stands for one class cannot be told"
                                + " from what stands for the other",
                        data.classNames().get(closest.first()),
                        data.classNames().get(closest.second()),
                        closest.distance(),
                        least))
                : Optional.empty();
    }
}

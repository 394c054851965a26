package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.label.ClosestLabels;
import org.noprop.network.SharingNetwork;
import org.noprop.tensor.Tensor;
import org.noprop.training.Round;
import org.noprop.training.SharedParts;
import org.noprop.training.TrainingPlan;
import org.noprop.training.WeightedTensors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the blocks of a run that have something in common. All of them train a round, each in a partition
 * group of its own; Spark brings what they share, a few kB to a few MB, from the tasks; the averages, weighted
 * by training rows, go to the run folder and with the tasks of the next round to every block.
 */
final class SharedRounds {
    private static final Logger LOG = LoggerFactory.getLogger(SharedRounds.class);

    private final RunFolder run;
    private final TrainingPlan plan;
    private final SharedParts parts;

    /** Trains the blocks for one round, given the averages of the one before. */
    interface Groups {
        List<TaskOutcome> train(Round round, WeightedTensors averages);
    }

    SharedRounds(RunFolder run, TrainingPlan plan) {
        this.run = run;
        this.plan = plan;
        this.parts = new SharedParts(run, plan);
    }

    /**
     * Trains from the newest round that is whole to the end.
     *
     * @return the outcomes of all tasks, round by round
     */
    List<TaskOutcome> train(Groups groups) {
        List<Round> rounds = plan.rounds();
        List<TaskOutcome> outcomes = new ArrayList<>();
        Round first = first(rounds);
        WeightedTensors averages = first.number() == 1
                ? WeightedTensors.NONE
                : new WeightedTensors(parts.before(first).orElseThrow(), 1);
        for (Round round : rounds.subList(first.number() - 1, rounds.size())) {
            List<TaskOutcome> ended = groups.train(round, averages);
            outcomes.addAll(ended);
            averages = WeightedTensors.average(
                    ended.stream().map(TaskOutcome::shared).toList());
            if (round.isLast()) {
                parts.finish(round, averages.tensors());
            } else {
                parts.checkpoint(round, averages.tensors());
            }
        }
        return outcomes;
    }

    /** The newest round whose start is there. */
    private Round first(List<Round> rounds) {
        Round first = rounds.get(0);
        for (Round round : rounds.subList(1, rounds.size())) {
            first = parts.before(round).isPresent() ? round : first;
        }
        for (int block = 1; block <= plan.blocks(); block++) {
            if (!first.isLast() && run.block(block).isFinished()) {
                throw new InvalidInputException(run.block(block).title() + " in "
                        + run.block(block).path() + " is finished, but what the blocks of run " + run.id()
                        + " share is not there after round " + (rounds.size() - 1) + "; train a new run");
            }
        }
        return first;
    }

    /** Takes what blocks have in common from the last block, where they average nothing. */
    void finishFromLastBlock() {
        SortedMap<String, Tensor> weights =
                new TreeMap<>(run.block(plan.blocks()).weights());
        parts.finish(Round.whole(plan.block().epochs()), weights);
    }

    /** Warns of two classes whose trained label embeddings nearly coincide. */
    static void warnOfCollapse(RunFolder run, TrainingPlan plan, EmbeddingDescription data, double least) {
        if (!plan.labels().trainable()) {
            return;
        }
        float[] matrix = run.labelEmbedding()
                .weights()
                .get(SharingNetwork.LABEL_EMBEDDING)
                .values();
        ClosestLabels closest = ClosestLabels.of(plan.labels().withMatrix(matrix));
        if (closest.distance() < least) {
            LOG.warn(
                    "The label embeddings of {} and {} have come as close as {}, below"
                            + " noprop.evaluation.collapse-distance = {}: what stands for one class cannot be told from"
                            + " what stands for the other",
                    data.classNames().get(closest.first()),
                    data.classNames().get(closest.second()),
                    closest.distance(),
                    least);
        }
    }
}

package org.noprop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.Checkpoint;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Shard;

/**
 * Trains one member of a partition group on its shard for a round, from the state that all members averaged
 * after the round before. Checkpoints in the midst of a round lie in a folder of the member's own; the
 * block's folder holds averaged states alone.
 */
final class MemberLoop {
    private final Learner learner;
    private final Artifact block;
    private final Artifact member;
    private final TrainingSettings settings;
    private final RowOrder rows;
    private final Epochs epochs;

    /**
     * A loop over a shard.
     *
     * @param learner what learns
     * @param rows the shard's rows and their order
     * @param block the group's artifact
     * @param shard which member
     * @param settings how
     * @param cancelled asked before each step
     * @throws InvalidInputException if the shard has too few rows for a step
     */
    MemberLoop(
            Learner learner,
            RowOrder rows,
            Artifact block,
            Shard shard,
            TrainingSettings settings,
            BooleanSupplier cancelled) {
        if (rows.rows() < Epochs.SMALLEST_BATCH) {
            throw new InvalidInputException("Of the training rows, " + rows.rows() + " fall to " + shard
                    + ", which are too few for a step; lower noprop.training.shards");
        }
        this.learner = learner;
        this.block = block;
        this.member = block.member(shard);
        this.settings = settings;
        this.rows = rows;
        this.epochs = new Epochs(learner, rows, settings, cancelled);
    }

    MemberState train(Round round) {
        if (Rounds.isDone(block, round, settings)) {
            return MemberState.DONE;
        }
        List<EpochMetrics> done = resume(round).orElseGet(() -> start(round));
        for (int epoch = round.after() + done.size() + 1; epoch <= round.to(); epoch++) {
            done.add(runEpoch(epoch));
            List<String> lines = done.stream().map(EpochMetrics::toJson).toList();
            member.writeMetrics(lines);
            if (epoch < round.to() && epoch % settings.checkpointEvery() == 0) {
                checkpoint(epoch, lines);
            }
        }
        return MemberState.of(learner.subject(), rows.rows(), done);
    }

    private EpochMetrics runEpoch(int epoch) {
        long start = System.nanoTime();
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put(learner.lossName(), epochs.run(epoch, block.title()));
        figures.putAll(learner.epochFigures());
        figures.forEach((name, figure) -> TrainingDivergedException.requireFinite(figure, block.title(), epoch, name));
        return new EpochMetrics(epoch, settings.epochs(), (System.nanoTime() - start) / 1e9, figures);
    }

    private void checkpoint(int epoch, List<String> lines) {
        member.checkpoint(
                new ArtifactState(member.name(), epoch, settings.epochs(), settings.fingerprint(), Map.of(), lines),
                learner.subject().weights(),
                learner.subject().optimiserState());
    }

    /** From the member's own checkpoint, after an attempt that was cut short. */
    private Optional<List<EpochMetrics>> resume(Round round) {
        return member.latestCheckpoint(settings.fingerprint(), round.after() + 1, round.to() - 1)
                .map(checkpoint -> {
                    load(checkpoint);
                    ArtifactState state = checkpoint.state();
                    List<String> lines = state.metrics().isEmpty() ? member.metrics() : state.metrics();
                    return new ArrayList<>(
                            EpochMetrics.parse(lines, member.path()).subList(0, state.epoch() - round.after()));
                });
    }

    private List<EpochMetrics> start(Round round) {
        if (round.after() > 0) {
            load(Rounds.checkpointBefore(block, round, settings));
        }
        return new ArrayList<>();
    }

    private void load(Checkpoint checkpoint) {
        learner.subject().loadWeights(checkpoint.weights());
        learner.subject().loadOptimiserState(checkpoint.optimiser());
    }
}

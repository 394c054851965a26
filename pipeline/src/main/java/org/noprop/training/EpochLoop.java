package org.noprop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.Checkpoint;
import org.noprop.data.InvalidInputException;
import org.noprop.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a learner epoch by epoch, in one round or in several, and writes its artifact: metrics after every
 * epoch, checkpoints in between and after each round, weights and state at the end.
 *
 * <p>A loop that is started again (a retried task, the next round, a resumed run) continues from the latest
 * checkpoint of the same fingerprint, and the result is bit-identical to that of a loop that was never
 * stopped.
 */
public final class EpochLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EpochLoop.class);

    private final Learner learner;
    private final Artifact artifact;
    private final TrainingSettings settings;
    private final Epochs epochs;

    /** A loop that nothing cancels. */
    EpochLoop(Learner learner, RowOrder rows, Artifact artifact, TrainingSettings settings) {
        this(learner, rows, artifact, settings, () -> false);
    }

    /**
     * A loop over all training rows.
     *
     * @param learner what learns
     * @param rows the learner's training rows, at least 2, and their order
     * @param artifact where it is written
     * @param settings how
     * @param cancelled asked before each step
     */
    EpochLoop(Learner learner, RowOrder rows, Artifact artifact, TrainingSettings settings, BooleanSupplier cancelled) {
        this.learner = learner;
        this.artifact = artifact;
        this.settings = settings;
        this.epochs = new Epochs(learner, rows, settings, cancelled);
    }

    /** Trains to the last epoch in one round. */
    public ArtifactState train() {
        return train(Round.whole(settings.epochs()), TreeMap::new);
    }

    /**
     * Trains to the end of a round, from the newest checkpoint that lies in it.
     *
     * @param round which epochs
     * @param averages of what blocks share, which a round other than the first starts from; asked for only then,
     *     and empty where they share nothing
     * @return the state that was written, with the figures of the last epoch and {@code seconds}, the
     *     wall-clock of all training steps, those before a resume included
     * @throws InvalidInputException if there is no checkpoint to start a later round from
     */
    public ArtifactState train(Round round, Supplier<SortedMap<String, Tensor>> averages) {
        if (Rounds.isFinished(artifact, settings)) {
            return finishedByAnother();
        }
        Progress progress = resume(round).orElseGet(() -> start(round));
        if (round.after() > 0 && progress.epoch == round.after()) {
            SortedMap<String, Tensor> shared = averages.get();
            if (!shared.isEmpty()) {
                learner.loadShared(shared);
            }
        }
        EarlyStopping stopping = new EarlyStopping(settings.regularisation().patience(), artifact);
        stopping.replay(progress.lines);
        for (int epoch = progress.epoch + 1; epoch <= round.to() && !stopping.isOver(); epoch++) {
            progress = runEpoch(progress, epoch);
            if (Rounds.isFinished(artifact, settings)) {
                return finishedByAnother();
            }
            artifact.writeMetrics(progress.lines);
            stopping.after(state(progress), learner);
            if (settings.keepEvery() > 0 && epoch % settings.keepEvery() == 0) {
                artifact.keepEpoch(state(progress), learner.subject().weights());
            }
            if (epoch < settings.epochs() && (epoch == round.to() || epoch % settings.checkpointEvery() == 0)) {
                artifact.checkpoint(
                        state(progress),
                        learner.subject().weights(),
                        learner.subject().optimiserState());
            }
        }
        if (round.to() == settings.epochs()) {
            stopping.finish(state(progress), learner);
            return artifact.state();
        }
        return state(progress);
    }

    /** Another attempt came to the end of training, to the same weights; what is finished is not written again. */
    private ArtifactState finishedByAnother() {
        learner.subject().loadWeights(artifact.weights());
        return artifact.state();
    }

    private Progress runEpoch(Progress before, int epoch) {
        long start = System.nanoTime();
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put(learner.lossName(), epochs.run(epoch, artifact.title()));
        double seconds = (System.nanoTime() - start) / 1e9;
        figures.putAll(learner.epochFigures());
        figures.putAll(learner.validate());
        figures.forEach(
                (name, figure) -> TrainingDivergedException.requireFinite(figure, artifact.title(), epoch, name));
        List<String> lines = new ArrayList<>(before.lines);
        lines.add(new EpochMetrics(epoch, settings.epochs(), seconds, figures).toJson());
        LOG.debug("{}: epoch {}/{} {}", artifact.title(), epoch, settings.epochs(), figures);
        return new Progress(epoch, before.seconds + seconds, lines, figures);
    }

    private Progress start(Round round) {
        if (round.after() > 0) {
            Rounds.checkpointBefore(artifact, round, settings);
        }
        return new Progress(0, 0, new ArrayList<>(), new TreeMap<>());
    }

    private Optional<Progress> resume(Round round) {
        Optional<Checkpoint> found = artifact.latestCheckpoint(settings.fingerprint(), round.after(), round.to());
        return found.map(checkpoint -> {
            learner.subject().loadWeights(checkpoint.weights());
            learner.subject().loadOptimiserState(checkpoint.optimiser());
            ArtifactState state = checkpoint.state();
            LOG.info("{}: continues after epoch {}/{}", artifact.title(), state.epoch(), settings.epochs());
            List<String> lines = state.metrics().isEmpty() ? artifact.metrics() : state.metrics();
            SortedMap<String, Double> figures = new TreeMap<>(state.figures());
            Double seconds = figures.remove(ArtifactFigures.SECONDS);
            return new Progress(
                    state.epoch(),
                    seconds == null ? 0 : seconds,
                    new ArrayList<>(lines.subList(0, Math.min(lines.size(), state.epoch()))),
                    figures);
        });
    }

    private ArtifactState state(Progress progress) {
        SortedMap<String, Double> figures = new TreeMap<>(progress.figures);
        figures.put(ArtifactFigures.SECONDS, progress.seconds);
        return new ArtifactState(
                artifact.name(), progress.epoch, settings.epochs(), settings.fingerprint(), figures, progress.lines);
    }

    private record Progress(int epoch, double seconds, List<String> lines, SortedMap<String, Double> figures) {}
}

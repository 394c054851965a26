package org.noprop.training;

import java.util.Optional;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.Checkpoint;
import org.noprop.data.InvalidInputException;

/** What an artifact's folder says about rounds. */
final class Rounds {
    private Rounds() {}

    /** Whether an attempt before this one came to the end of training, and was perhaps only not heard of. */
    static boolean isFinished(Artifact artifact, TrainingSettings settings) {
        return artifact.isFinished() && artifact.state().settings().equals(settings.fingerprint());
    }

    /** Whether the state at the end of a round, or of training, is there. */
    static boolean isDone(Artifact artifact, Round round, TrainingSettings settings) {
        return isFinished(artifact, settings)
                || checkpointAt(artifact, round.to(), settings).isPresent();
    }

    /** The state at the end of a round that is done. */
    static ArtifactState stateAfter(Artifact artifact, Round round, TrainingSettings settings) {
        return checkpointAt(artifact, round.to(), settings)
                .map(Checkpoint::state)
                .orElseGet(artifact::state);
    }

    /**
     * The checkpoint that a round other than the first starts from.
     *
     * @throws InvalidInputException if there is no whole one
     */
    static Checkpoint checkpointBefore(Artifact artifact, Round round, TrainingSettings settings) {
        return checkpointAt(artifact, round.after(), settings)
                .orElseThrow(() -> new InvalidInputException(
                        artifact.title() + " has no whole checkpoint of epoch " + round.after() + " in "
                                + artifact.path() + " to go on from; give --resume to go back to the one before"));
    }

    private static Optional<Checkpoint> checkpointAt(Artifact artifact, int epoch, TrainingSettings settings) {
        return artifact.latestCheckpoint(settings.fingerprint(), epoch, epoch);
    }
}

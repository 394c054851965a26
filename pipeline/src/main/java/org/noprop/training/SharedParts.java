package org.noprop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;
import org.noprop.data.Checkpoint;
import org.noprop.data.RunFolder;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Method;
import org.noprop.network.SharingNetwork;
import org.noprop.tensor.Tensor;

/**
 * What blocks have in common, as the run folder holds it: {@code label-embedding/}, {@code head/} and {@code
 * schedule/}, each as far as it is trained inside blocks. After each round they get a checkpoint of the
 * averages, at the end the values that the model uses.
 */
public final class SharedParts {
    /** Figure: bytes that went between blocks and back, over all rounds so far. */
    public static final String EXCHANGED_BYTES = "exchanged-bytes";
    /** Figure: rounds so far. */
    public static final String ROUNDS = "rounds";

    private static final String MOMENT = "-moment";

    private final TrainingPlan plan;
    private final List<Part> parts;

    /** An artifact and the tensors that belong to it. */
    private record Part(Artifact artifact, String prefix) {
        SortedMap<String, Tensor> of(SortedMap<String, Tensor> tensors, boolean moments) {
            SortedMap<String, Tensor> own = new TreeMap<>();
            tensors.forEach((name, tensor) -> {
                if (name.startsWith(prefix) && name.endsWith(MOMENT) == moments) {
                    own.put(name, tensor);
                }
            });
            return own;
        }

        long bytes(SortedMap<String, Tensor> tensors) {
            return bytesOf(of(tensors, false)) + bytesOf(of(tensors, true));
        }
    }

    /** The parts of a run that is trained by this plan. */
    public SharedParts(RunFolder run, TrainingPlan plan) {
        this.plan = plan;
        this.parts = new ArrayList<>();
        Method method = plan.method();
        LabelEmbedding labels = plan.labels();
        if (labels.trainable()) {
            parts.add(new Part(run.labelEmbedding(), SharingNetwork.LABEL_EMBEDDING));
        }
        if (method.headPlace(labels) == Method.HeadPlace.IN_BLOCKS) {
            parts.add(new Part(run.head(), "head."));
        }
        if (method.trainsSchedule()) {
            parts.add(new Part(run.schedule(), SharingNetwork.SCHEDULE_PREFIX));
        }
    }

    /** Whether blocks hold anything that they have in common. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether the values that the model uses are there. */
    public boolean isFinished() {
        return parts.stream()
                .allMatch(part -> part.artifact.isFinished()
                        && part.artifact.state().settings().equals(plan.block().fingerprint()));
    }

    /** The artifacts. */
    public List<Artifact> artifacts() {
        return parts.stream().map(Part::artifact).toList();
    }

    /** How many bytes tensors take. */
    public static long bytesOf(SortedMap<String, Tensor> tensors) {
        return tensors.values().stream()
                .mapToLong(tensor -> (long) Float.BYTES * tensor.values().length)
                .sum();
    }

    /**
     * The averages that a round starts from.
     *
     * @param round not the first
     * @return empty if a part has no whole checkpoint of the round before
     */
    public Optional<SortedMap<String, Tensor>> before(Round round) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Part part : parts) {
            Optional<Checkpoint> found =
                    part.artifact.latestCheckpoint(plan.block().fingerprint(), round.after(), round.after());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            tensors.putAll(found.get().weights());
            tensors.putAll(found.get().optimiser());
        }
        return Optional.of(tensors);
    }

    /**
     * Writes the averages after a round that is not the last.
     *
     * @param averaged values and moments
     */
    public void checkpoint(Round round, SortedMap<String, Tensor> averaged) {
        for (Part part : parts) {
            part.artifact.checkpoint(
                    state(part, round, part.bytes(averaged)), part.of(averaged, false), part.of(averaged, true));
        }
    }

    /**
     * Writes the values that the model uses.
     *
     * @param values those of the last block, or the averages after the last round
     */
    public void finish(Round last, SortedMap<String, Tensor> values) {
        for (Part part : parts) {
            part.artifact.finish(state(part, last, part.bytes(values)), part.of(values, false));
        }
    }

    /** In each round but the first every block gets the averages, and in each it gives its own. */
    private ArtifactState state(Part part, Round round, long bytes) {
        long passes = plan.shares() ? 2L * round.number() - 1 : 0;
        Map<String, Double> figures =
                Map.of(EXCHANGED_BYTES, (double) passes * bytes * plan.blocks(), ROUNDS, (double) round.number());
        return new ArtifactState(
                part.artifact.name(),
                round.to(),
                plan.block().epochs(),
                plan.block().fingerprint(),
                figures);
    }
}

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
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;

/**
 * What blocks have in common, as the run folder holds it: {@code label-embedding/}, {@code head/} and {@code
 * schedule/}, each as far as it is trained inside blocks. After each round they get a checkpoint of the
 * averages, at the end the values that the model uses.
 */
public final class SharedParts {
    /** Figure: bytes that all parts together took from blocks to where they were averaged and back, so far. */
    public static final String EXCHANGED_BYTES = "exchanged-bytes";
    /** Figure: rounds so far. */
    public static final String ROUNDS = "rounds";

    private static final String MOMENT = "-moment";

    private final TrainingPlan plan;
    private final List<Part> parts;

    /**
     * An artifact and the tensors that belong to it.
     *
     * @param prefix of the tensors' names
     * @param settings the fingerprint of its checkpoints
     */
    private record Part(Artifact artifact, String prefix, TrainingSettings settings) {
        SortedMap<String, Tensor> of(SortedMap<String, Tensor> tensors, boolean moments) {
            SortedMap<String, Tensor> own = new TreeMap<>();
            tensors.forEach((name, tensor) -> {
                if (name.startsWith(prefix) && name.endsWith(MOMENT) == moments) {
                    own.put(name, tensor);
                }
            });
            return own;
        }

        boolean isFinished() {
            return Rounds.isFinished(artifact, settings);
        }

        Optional<Checkpoint> checkpointBefore(Round round) {
            return artifact.latestCheckpoint(settings.fingerprint(), round.after(), round.after());
        }
    }

    /** The parts of a run that is trained by this plan. */
    public SharedParts(RunFolder run, TrainingPlan plan) {
        this.plan = plan;
        this.parts = new ArrayList<>();
        Method method = plan.method();
        LabelEmbedding labels = plan.labels();
        if (labels.trainable()) {
            parts.add(new Part(run.labelEmbedding(), Block.LABEL_EMBEDDING, plan.block()));
        }
        if (method.headPlace(labels) == Method.HeadPlace.IN_BLOCKS) {
            parts.add(new Part(run.head(), "head.", plan.block()));
        }
        if (method.trainsSchedule()) {
            parts.add(new Part(run.schedule(), Block.SCHEDULE_PREFIX, plan.block()));
        }
    }

    /** Whether blocks hold anything that they have in common. */
    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Whether the values that the model uses are there. */
    public boolean isFinished() {
        return parts.stream().allMatch(Part::isFinished);
    }

    /** The artifacts. */
    public List<Artifact> artifacts() {
        return parts.stream().map(Part::artifact).toList();
    }

    /**
     * Whether the averages are there that a round, not the first, starts from. Those of the last round are not needed
     * any more where a part is finished, because all blocks were before it.
     */
    public boolean hasAveragesBefore(Round round) {
        return parts.stream()
                .allMatch(part -> part.checkpointBefore(round).isPresent() || (round.isLast() && part.isFinished()));
    }

    /**
     * The averages that a round, not the first, starts from: values and moments.
     *
     * @throws org.noprop.data.InvalidInputException if a part has no whole checkpoint of the round before
     */
    public SortedMap<String, Tensor> averagesBefore(Round round) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Part part : parts) {
            Checkpoint checkpoint = Rounds.checkpointBefore(part.artifact, round, part.settings);
            tensors.putAll(checkpoint.weights());
            tensors.putAll(checkpoint.optimiser());
        }
        return tensors;
    }

    /**
     * Averages what blocks bring at the end of a round, and writes what comes of it: a checkpoint of values and
     * moments, or after the last round the values that the model uses.
     *
     * @param blocks what each brings, in their order
     * @param exchangedBytes that went from and to blocks for this round
     */
    public void average(Round round, List<WeightedTensors> blocks, long exchangedBytes) {
        if (round.isLast() && isFinished()) {
            return; // by an attempt before this one, which was perhaps only not heard of
        }
        SortedMap<String, Tensor> averages = WeightedTensors.average(blocks).tensors();
        double exchanged = exchangedBytes + exchangedBefore(round);
        for (Part part : parts) {
            if (round.isLast()) {
                part.artifact.finish(state(part, round, exchanged), part.of(averages, false));
            } else {
                part.artifact.checkpoint(
                        state(part, round, exchanged), part.of(averages, false), part.of(averages, true));
            }
        }
    }

    /**
     * Writes the values that the model uses, where blocks average nothing.
     *
     * @param values those of the last block
     */
    public void finish(SortedMap<String, Tensor> values) {
        Round last = Round.whole(plan.block().epochs());
        parts.forEach(part -> part.artifact.finish(state(part, last, 0), part.of(values, false)));
    }

    /** As the first part says whose checkpoint is there: an attempt that was cut short may have finished others. */
    private double exchangedBefore(Round round) {
        return parts.stream()
                .flatMap(part -> part.checkpointBefore(round).stream())
                .mapToDouble(checkpoint -> checkpoint.state().figures().get(EXCHANGED_BYTES))
                .findFirst()
                .orElse(0);
    }

    private ArtifactState state(Part part, Round round, double exchanged) {
        return new ArtifactState(
                part.artifact.name(),
                round.to(),
                plan.block().epochs(),
                plan.block().fingerprint(),
                Map.of(EXCHANGED_BYTES, exchanged, ROUNDS, (double) round.number()));
    }
}

package org.noprop.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.noprop.data.Artifact;
import org.noprop.data.BaselineKind;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.ObjectiveTerms;
import org.noprop.evaluation.SharedFigures;
import org.noprop.evaluation.TrainingFacts;
import org.noprop.evaluation.TrainingTimes;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.label.ClosestLabels;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.training.ArtifactFigures;
import org.noprop.training.BaselinePlan;
import org.noprop.training.SharedParts;
import org.noprop.training.TrainingPlan;

/** Reads what a run's folder says of its training. */
final class TrainingRecords {
    private final RunFolder run;
    private final TrainingPlan plan;

    TrainingRecords(RunFolder run, TrainingPlan plan) {
        this.run = run;
        this.plan = plan;
    }

    TrainingFacts facts(Optional<LearningProgress> learning) {
        return new TrainingFacts(
                objective(),
                times(),
                shared(),
                accountedBytes("train-blocks", task -> true),
                baselines().stream()
                        .filter(kind -> baselineBytes(kind).isPresent())
                        .collect(Collectors.toMap(
                                kind -> kind, kind -> baselineBytes(kind).getAsLong())),
                learning,
                memory(),
                clusterPlan());
    }

    /** What measure has found for this run, if it has. */
    private Optional<MemoryComparison> memory() {
        return run.has(MeasureJob.FILE)
                ? Optional.of(FigureJson.read(
                        run.readText(MeasureJob.FILE),
                        MemoryComparison.class,
                        run.path() + "/" + MeasureJob.FILE,
                        "it holds no memory figures; run measure again"))
                : Optional.empty();
    }

    /** What plan has found for this run, if it has. */
    private Optional<ClusterPlan> clusterPlan() {
        return run.has(PlanJob.FILE)
                ? Optional.of(FigureJson.read(
                        run.readText(PlanJob.FILE),
                        ClusterPlan.class,
                        run.path() + "/" + PlanJob.FILE,
                        "it holds no plan; run plan again"))
                : Optional.empty();
    }

    private TrainingTimes times() {
        boolean headApart = plan.method().headPlace(plan.labels()) == Method.HeadPlace.APART;
        return new TrainingTimes(
                blocks().stream().map(TrainingRecords::seconds).toList(),
                headApart ? Optional.of(seconds(run.head())) : Optional.empty(),
                baselines().stream().collect(Collectors.toMap(kind -> kind, kind -> seconds(run.baseline(kind)))));
    }

    /** Those that are trained. */
    private List<BaselineKind> baselines() {
        return plan.baselines().stream()
                .map(BaselinePlan::kind)
                .filter(kind -> run.baseline(kind).isFinished())
                .toList();
    }

    private OptionalLong baselineBytes(BaselineKind kind) {
        return accountedBytes(
                "train-baseline", task -> task.path("subject").asText().equals(kind.title()));
    }

    private ObjectiveTerms objective() {
        if (plan.method() instanceof Method.Discrete method
                && method.headPlace(plan.labels()) == Method.HeadPlace.APART) {
            return ObjectiveTerms.of(
                    method.schedule(),
                    plan.labels(),
                    method.eta(),
                    method.snrWeightCap(),
                    figure(run.head(), ArtifactFigures.CROSS_ENTROPY),
                    blocks().stream()
                            .map(block -> figure(block, ArtifactFigures.SQUARED_ERROR))
                            .toList());
        }
        return ObjectiveTerms.mean(blocks().stream()
                .map(block -> new ObjectiveTerms(
                        figure(block, ArtifactFigures.CROSS_ENTROPY),
                        figure(block, ArtifactFigures.KL_TO_PRIOR),
                        figure(block, ArtifactFigures.DENOISING)))
                .toList());
    }

    private SharedFigures shared() {
        Optional<ClosestLabels> closest = plan.labels().trainable()
                ? Optional.of(ClosestLabels.of(plan.labels()
                        .withMatrix(run.labelEmbedding()
                                .weights()
                                .get(Block.LABEL_EMBEDDING)
                                .values())))
                : Optional.empty();
        if (!plan.shares()) {
            return new SharedFigures(0, 0, closest);
        }
        Artifact part = new SharedParts(run, plan).artifacts().get(0);
        return new SharedFigures(
                (long) figure(part, SharedParts.EXCHANGED_BYTES), (int) figure(part, SharedParts.ROUNDS), closest);
    }

    /** The most that a network of some of a job's tasks accounted for, from the job's profiles. */
    private OptionalLong accountedBytes(String command, Predicate<JsonNode> which) {
        return TrainingSummary.files(run, command).stream()
                .map(this::profile)
                .flatMap(profile -> StreamSupport.stream(profile.path("trained").spliterator(), false))
                .filter(which)
                .mapToLong(task -> StreamSupport.stream(task.path("memory").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .sum())
                .max();
    }

    /** Tasks that could run at the same time when blocks were trained; in the widest job of several. */
    OptionalInt slots() {
        return TrainingSummary.files(run, "train-blocks").stream()
                .mapToInt(file -> profile(file).path("slots").asInt())
                .max();
    }

    private JsonNode profile(String file) {
        try {
            return new ObjectMapper().readTree(run.readText(file));
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Cannot read " + run.path() + "/" + file, e);
        }
    }

    private List<Artifact> blocks() {
        return IntStream.rangeClosed(1, plan.blocks()).mapToObj(run::block).toList();
    }

    private static double figure(Artifact artifact, String name) {
        return artifact.state().figures().getOrDefault(name, Double.NaN);
    }

    private static Duration seconds(Artifact artifact) {
        return Duration.ofMillis(Math.round(1000 * figure(artifact, ArtifactFigures.SECONDS)));
    }
}

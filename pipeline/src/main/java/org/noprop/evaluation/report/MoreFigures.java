package org.noprop.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.MemoryComparison;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.MemoryVariant;
import org.noprop.evaluation.TrainingTimes;
import org.noprop.evaluation.plan.ClusterPlan;
import org.noprop.evaluation.report.Page.Figure;

/** The figures of {@link EvidenceFigures} with their captions. */
final class MoreFigures {
    private MoreFigures() {}

    static Figure fewerBlocks(EvaluationResult result) {
        return new Figure(
                "Accuracy over the number of blocks used",
                EvidenceFigures.fewerBlocks(result.evidence().fewerBlocks(), result.baselines()),
                "One noisy run of the chain with some of the trained blocks left out, those that stay spread evenly. Each"
                        + " still gets its input at the noise level that it was trained for, so that nothing is trained"
                        + " again.");
    }

    static Figure calibration(EvaluationResult result) {
        return new Figure(
                "Is it as sure as it is right?",
                EvidenceFigures.calibration(result),
                String.format(
                        Locale.ROOT,
                        "Images by the probability of the class that they were given, in ten bins: a point below the"
                                + " diagonal is a model that is surer than it is right. The expected calibration error is"
                                + " %.2f points%s.",
                        100 * result.evidence().calibration().expectedError(),
                        result.baselines().stream()
                                .map(baseline -> String.format(
                                        Locale.ROOT,
                                        ", the %s's %.2f",
                                        baseline.kind().title(),
                                        100 * baseline.calibration().expectedError()))
                                .collect(Collectors.joining())));
    }

    static Figure accuracyOverTime(LearningProgress learning) {
        return new Figure(
                "Accuracy over training time",
                EvidenceFigures.accuracyOverTime(learning),
                "On the validation split. NoProp's is that of the chain without noise, with every block as it was after an"
                        + " epoch; its time is that of the slowest block until then with a worker a block, and that of "
                        + (learning.slots() == 1 ? "one worker" : learning.slots() + " workers")
                        + " that take one block after the other as in this run. "
                        + (learning.workerABlock().epochs().size() == 1
                                ? "No weights were kept on the way (training.keep-every), so that its end alone is known."
                                : ""));
    }

    static Figure executors(TrainingTimes times) {
        return new Figure(
                "Training time over executors",
                EvidenceFigures.executors(times),
                "From the blocks' own times above, when each executor takes the next block as soon as it is free. More"
                        + " executors than blocks do not help, unless training.shards cuts the rows, too. Start-up and"
                        + " reading of data are not in it.");
    }

    static Figure plan(ClusterPlan plan) {
        return new Figure(
                "How long on a cluster",
                PlanFigure.draw(plan),
                plan.sentence() + " " + plan.losses()
                        + " Simulated from step times that were measured on one core, with the reading of the rows,"
                        + " rounds of shards, stragglers and the exchange; both axes are logarithmic.");
    }

    /** By name: the bars at this run's T, and the curve where several T were measured. */
    static Map<String, Figure> memory(MemoryComparison memory, Optional<MemoryPair> ofRun) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        ofRun.ifPresent(pair -> figures.put(
                "memory",
                new Figure(
                        "What memory is for",
                        EvidenceFigures.memoryBars(pair),
                        "Training a block, and the baseline of as many blocks, above an idle process. The parts are what"
                                + " the program accounts for; “other” is what was measured beyond that.")));
        if (memory.pairs().size() > 1) {
            figures.put(
                    "memory-over-blocks",
                    new Figure(
                            "Memory over the number of blocks",
                            EvidenceFigures.memoryOverBlocks(memory),
                            "What one worker needs: a block is a block however many there are, the baseline grows with"
                                    + " each."));
        }
        ofRun.ifPresent(pair -> variants(memory, pair).forEach(figures::put));
        if (memory.batches().size() > 1) {
            figures.put(
                    "memory-over-batches",
                    new Figure(
                            "Memory over the batch size",
                            EvidenceFigures.memoryOverBatches(memory.batches()),
                            "Activations grow with the batch, weights and optimiser do not."));
        }
        return figures;
    }

    private static Map<String, Figure> variants(MemoryComparison memory, MemoryPair pair) {
        List<MemoryVariant> ofRun = memory.variants().stream()
                .filter(variant -> variant.blocks() == pair.blocks() || variant.blocks() == 1)
                .collect(Collectors.toMap(MemoryVariant::name, variant -> variant, (a, b) -> a, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
        return ofRun.isEmpty()
                ? Map.of()
                : Map.of(
                        "memory-variants",
                        new Figure(
                                "Other ways of training",
                                EvidenceFigures.memoryVariants(pair, ofRun),
                                "All blocks of NoProp in one process, as in the paper; the baseline by"
                                        + " a quarter of the batch at a time, with the sum of the four gradients; one block"
                                        + " alone by back-propagation."));
    }
}

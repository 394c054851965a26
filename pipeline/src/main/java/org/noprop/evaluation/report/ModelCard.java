package org.noprop.evaluation.report;

import java.util.Locale;
import org.noprop.data.BaselineKind;
import org.noprop.data.Json;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MemoryPair;
import org.noprop.evaluation.TrainingTimes;

/**
 * The README.md of a model: what it is, what was measured of it and what it must not be taken for, with the front
 * matter by which model hubs find it.
 */
public final class ModelCard {
    private ModelCard() {}

    /**
     * The card.
     *
     * @param result what the evaluation found
     * @param facts what else there is to say of the run
     * @param blocks how many blocks the model has
     */
    public static String of(EvaluationResult result, RunFacts facts, int blocks) {
        return String.join(
                "\n",
                frontMatter(result, facts),
                "# " + facts.method() + " on " + facts.dataset().replaceAll("\\s+", " "),
                "",
                "An image classifier of " + blocks + (blocks == 1 ? " block" : " blocks") + " and "
                        + result.classNames().size()
                        + " classes, trained by NoProp (Li, Teh, Pascanu, arXiv 2503.24322): each"
                        + " block learnt alone to denoise a noised label, given the image. Back-propagation was used inside"
                        + " a block, never across blocks.",
                "",
                "## Figures",
                "",
                figures(result, facts),
                "Measured on " + result.testRows() + " images of the " + facts.split()
                        + " split. \"±\" is the standard error"
                        + " over inference runs; how another seed would train, it does not say.",
                "",
                "## Use",
                "",
                "`model.safetensors` holds every weight, `model.json` what is needed to use them: the noise schedule, the"
                        + " shape of an image embedding, the embedder and the classes. Neither Spark nor Java is needed to read"
                        + " them:",
                "",
                "```python",
                "import json",
                "from safetensors.numpy import load_file",
                "",
                "weights = load_file(\"model.safetensors\")   # block.01.… to block." + two(blocks)
                        + ".…, head.…, and label-embedding where it is trained",
                "about = json.load(open(\"model.json\"))",
                "```",
                "",
                "`jobs/noprop predict --model FOLDER_OF_THIS_FILE --input IMAGES_OR_PARQUET --output DIR` predicts by it.",
                "",
                "## Limits",
                "",
                "It gives one of its classes to every image, also to one that shows none of them. Its probabilities are off by "
                        + points(result.evidence().calibration().expectedError())
                        + " points on average (expected calibration error, ten bins), on images like those that it was tested"
                        + " on. It was tested on nothing else: no other data, no images that were tampered with.",
                "",
                "## Where it comes from",
                "",
                origin(facts));
    }

    private static String frontMatter(EvaluationResult result, RunFacts facts) {
        return String.join(
                "\n",
                "---",
                "library_name: noprop-spark",
                "pipeline_tag: image-classification",
                "tags:",
                "- noprop",
                "- image-classification",
                "metrics:",
                "- accuracy",
                "model-index:",
                "- name: " + Json.quoted(facts.runId()),
                "  results:",
                "  - task:",
                "      type: image-classification",
                "    dataset:",
                "      name: " + Json.quoted(facts.dataset()),
                "      type: " + Json.quoted(facts.dataset()),
                "      split: " + facts.split(),
                "    metrics:",
                "    - type: accuracy",
                "      value: "
                        + String.format(Locale.ROOT, "%.4f", result.noprop().mean()),
                "---",
                "");
    }

    private static String figures(EvaluationResult result, RunFacts facts) {
        StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
        row(table, "accuracy, mean of the noisy runs", Wording.percent(result.noprop()));
        row(table, "accuracy, the runs' mean probability decides", Wording.percent(result.averaged()));
        row(table, "accuracy without noise", Wording.percent(result.withoutNoise()));
        result.baselines()
                .forEach(baseline -> row(
                        table, "accuracy of " + baseline.kind().description(), Wording.percent(baseline.accuracy())));
        TrainingTimes times = facts.training().times();
        row(table, "training of the slowest block", Wording.time(times.slowestBlock()));
        row(table, "training of all blocks, one after the other", Wording.time(times.allBlocks()));
        for (BaselineKind kind : BaselineKind.values()) {
            times.of(kind).ifPresent(time -> row(table, "training of " + kind.description(), Wording.time(time)));
        }
        facts.training().memoryOfRun().ifPresent(pair -> row(table, "memory of training a block", memory(pair)));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static String memory(MemoryPair pair) {
        return Wording.megabytes(pair.block().measuredBytes()) + ", the baseline's "
                + Wording.megabytes(pair.baseline().measuredBytes());
    }

    private static String origin(RunFacts facts) {
        StringBuilder lines = new StringBuilder();
        lines.append("- run ")
                .append(facts.runId())
                .append(", seed ")
                .append(facts.seed())
                .append('\n');
        lines.append("- data fingerprint ").append(facts.dataFingerprint()).append('\n');
        facts.environment().forEach((name, value) -> lines.append("- ")
                .append(name)
                .append(": ")
                .append(value)
                .append('\n'));
        return lines.toString();
    }

    private static String points(double fraction) {
        return String.format(Locale.ROOT, "%.2f", 100 * fraction);
    }

    private static String two(int blocks) {
        return String.format(Locale.ROOT, "%02d", blocks);
    }
}

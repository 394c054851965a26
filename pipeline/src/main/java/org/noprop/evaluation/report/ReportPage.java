package org.noprop.evaluation.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.ImagePath;
import org.noprop.evaluation.report.Page.Figure;
import org.noprop.evaluation.report.Page.PathView;

/** Makes the report of a run from its evaluation. */
public final class ReportPage {
    private static final String FOLDER = "org/noprop/evaluation/report";

    private ReportPage() {}

    /**
     * The report. Where Java finds no fonts it has no figures, but says so; their numbers are in its tables.
     *
     * @param result what the evaluation found
     * @param facts what else there is to say of the run
     */
    public static Report of(EvaluationResult result, RunFacts facts) {
        return Fonts.usable() ? withFigures(result, facts) : withoutFigures(result, facts);
    }

    static Report withoutFigures(EvaluationResult result, RunFacts facts) {
        return new Report(html(Page.of(result, facts, List.of(), List.of())), new TreeMap<>());
    }

    private static Report withFigures(EvaluationResult result, RunFacts facts) {
        SortedMap<String, String> drawn = new TreeMap<>();
        List<Figure> figures = new ArrayList<>();
        add(figures, drawn, "accuracy-by-step", accuracyBySteps(result));
        if (!facts.curves().isEmpty()) {
            add(figures, drawn, "learning-curves", learningCurves(facts));
        }
        facts.training()
                .learning()
                .ifPresent(
                        learning -> add(figures, drawn, "accuracy-over-time", MoreFigures.accuracyOverTime(learning)));
        if (!result.evidence().fewerBlocks().isEmpty()) {
            add(figures, drawn, "fewer-blocks", MoreFigures.fewerBlocks(result));
        }
        add(figures, drawn, "calibration", MoreFigures.calibration(result));
        if (!facts.training().times().blocks().isEmpty()) {
            add(figures, drawn, "training-times", trainingTimes(facts));
            add(
                    figures,
                    drawn,
                    "executors",
                    MoreFigures.executors(facts.training().times()));
        }
        facts.training().plan().ifPresent(plan -> add(figures, drawn, "plan", MoreFigures.plan(plan)));
        facts.training().memory().ifPresent(memory -> MoreFigures.memory(
                        memory, facts.training().memoryOfRun())
                .forEach((name, figure) -> add(figures, drawn, name, figure)));
        return new Report(html(Page.of(result, facts, figures, paths(result, facts))), drawn);
    }

    private static List<PathView> paths(EvaluationResult result, RunFacts facts) {
        return result.evidence().paths().stream()
                .map(path -> new PathView(
                        facts.pictures().getOrDefault(path.row(), ""),
                        title(path, result.classNames()),
                        EvidenceFigures.path(path, result.classNames())))
                .toList();
    }

    private static String title(ImagePath path, List<String> names) {
        String own = names.get(path.label());
        return path.label() == path.prediction() ? own : own + ", taken for " + names.get(path.prediction());
    }

    private static void add(List<Figure> figures, SortedMap<String, String> drawn, String name, Figure figure) {
        figures.add(figure);
        drawn.put(name + ".svg", figure.svg());
    }

    private static Figure accuracyBySteps(EvaluationResult result) {
        return new Figure(
                "Accuracy along the chain",
                Figures.accuracyBySteps(result),
                "The line shows how many images the block at work classifies rightly inside the chain, where it"
                        + " refines what was handed to it; after the last step the model's reader of classes decides."
                        + (eachBlockAStep(result)
                                ? " A bar shows the same block left alone, with pure noise instead of its predecessor's"
                                        + " output: late blocks are trained on nearly clean labels, so that alone they"
                                        + " may do badly."
                                : ""));
    }

    /** Whether there is a block for each step of the chain, as in discrete time. */
    static boolean eachBlockAStep(EvaluationResult result) {
        return result.steps().get(0).equals("1");
    }

    private static Figure learningCurves(RunFacts facts) {
        return new Figure(
                "Learning curves",
                Figures.learningCurves(facts.curves()),
                "The training loss of each block by epoch: the squared distance between the label embedding and what"
                        + " the block makes of its noised form. Late blocks see less noise, so that their task is"
                        + " easier and their loss lower; losses of different blocks do not compare.");
    }

    private static Figure trainingTimes(RunFacts facts) {
        return new Figure(
                "Training time of each block",
                Figures.trainingTimes(facts.training().times().blocks()),
                "Each block is a task of its own and waits for no other. With as many executors as blocks, training"
                        + " takes as long as the slowest block.");
    }

    private static String html(Page page) {
        Mustache template = new DefaultMustacheFactory(FOLDER).compile("report.mustache");
        StringWriter html = new StringWriter();
        template.execute(html, page);
        return html.toString();
    }
}

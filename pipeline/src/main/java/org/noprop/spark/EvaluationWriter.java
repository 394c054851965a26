package org.noprop.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.config.RequireConfig;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.Pictures;
import org.noprop.data.RunFolder;
import org.noprop.data.RunRecord;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.Evidence;
import org.noprop.evaluation.FigureJson;
import org.noprop.evaluation.ImagePath;
import org.noprop.evaluation.LearningProgress;
import org.noprop.evaluation.Metrics;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.TrainingFacts;
import org.noprop.evaluation.report.ModelCard;
import org.noprop.evaluation.report.Picture;
import org.noprop.evaluation.report.Report;
import org.noprop.evaluation.report.ReportPage;
import org.noprop.evaluation.report.RunFacts;
import org.noprop.training.TrainingPlan;

/** Writes what an evaluation found: metrics.json, Parquet tables, the report, the model's card. */
final class EvaluationWriter {
    private final SparkSession session;
    private final RunFolder run;
    private final NoPropConfig config;
    private final TrainingPlan plan;
    private final Optional<Pictures> images;

    /**
     * A writer of a run.
     *
     * @param images the first of the split that is evaluated, where they are kept
     */
    EvaluationWriter(
            SparkSession session, RunFolder run, NoPropConfig config, TrainingPlan plan, Optional<Pictures> images) {
        this.session = session;
        this.run = run;
        this.config = config;
        this.plan = plan;
        this.images = images;
    }

    /** Writes everything, metrics.json last; returns the bounds of {@code evaluation.require} that are missed. */
    List<String> write(
            EvaluationResult result,
            EvaluationTask.Predicted predicted,
            EmbeddingRows rows,
            Optional<LearningProgress> learning) {
        new EvaluationTables(session, run).write(result, predicted, rows);
        Requirements requirements = requirements(config);
        TrainingFacts training = new TrainingRecords(run, plan).facts(learning);
        RunFacts facts = facts(training, requirements, pictures(result.evidence()));
        writeReport(ReportPage.of(result, facts));
        run.writeText("model/README.md", ModelCard.of(result, facts, plan.blocks()));
        run.writeText("evaluation/metrics.json", FigureJson.text(Metrics.of(result, training, requirements)));
        return requirements.missed(result, training.memoryOfRun());
    }

    static Requirements requirements(NoPropConfig config) {
        RequireConfig require = config.evaluation().require();
        return new Requirements(require.accuracy(), require.baselineDistance(), require.memoryRatio());
    }

    private void writeReport(Report report) {
        report.figures().forEach((name, svg) -> run.writeText("report/figures/" + name, svg));
        run.writeText("report/report.html", report.html());
    }

    /** The images of the paths, by row, where they are kept. */
    private Map<Integer, String> pictures(Evidence evidence) {
        Map<Integer, String> pictures = new HashMap<>();
        images.ifPresent(kept -> evidence.paths().stream().map(ImagePath::row).forEach(row -> Picture.of(kept, row)
                .ifPresent(picture -> pictures.put(row, picture))));
        return pictures;
    }

    private String splitFolder() {
        return config.evaluation().split().name().toLowerCase(Locale.ROOT);
    }

    private RunFacts facts(TrainingFacts training, Requirements requirements, Map<Integer, String> pictures) {
        RunRecord record = run.record();
        return new RunFacts(
                run.id(),
                config.data().kind().name().toLowerCase(Locale.ROOT),
                record.started(),
                record.seed(),
                record.data(),
                record.environment(),
                run.readText("config/effective.conf"),
                plan.method().title(),
                splitFolder(),
                training,
                LearningCurves.of(run, plan.blocks()),
                requirements,
                pictures);
    }
}

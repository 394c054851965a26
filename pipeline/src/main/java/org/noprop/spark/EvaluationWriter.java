package org.noprop.spark;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.noprop.config.NoPropConfig;
import org.noprop.config.RequireConfig;
import org.noprop.data.EmbeddingRows;
import org.noprop.data.RunFolder;
import org.noprop.data.RunRecord;
import org.noprop.evaluation.EvaluationResult;
import org.noprop.evaluation.MetricsJson;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.TrainingFacts;
import org.noprop.evaluation.report.Report;
import org.noprop.evaluation.report.ReportPage;
import org.noprop.evaluation.report.RunFacts;
import org.noprop.training.TrainingPlan;

/** Writes what an evaluation found: metrics.json, Parquet tables, the report. */
final class EvaluationWriter {
    private final SparkSession session;
    private final RunFolder run;
    private final NoPropConfig config;
    private final TrainingPlan plan;

    EvaluationWriter(SparkSession session, RunFolder run, NoPropConfig config, TrainingPlan plan) {
        this.session = session;
        this.run = run;
        this.config = config;
        this.plan = plan;
    }

    /** Writes everything, metrics.json last; returns the bounds of {@code evaluation.require} that are missed. */
    List<String> write(EvaluationResult result, EvaluationTask.Predicted predicted, EmbeddingRows rows) {
        new EvaluationTables(session, run.path()).write(result, predicted, rows);
        Requirements requirements = requirements();
        TrainingFacts training = new TrainingRecords(run, plan).facts();
        writeReport(ReportPage.of(result, facts(training)));
        run.writeText("evaluation/metrics.json", MetricsJson.of(result, training, requirements));
        return requirements.missed(result, training.memoryOfRun());
    }

    private Requirements requirements() {
        RequireConfig require = config.evaluation().require();
        return new Requirements(require.accuracy(), require.baselineDistance(), require.memoryRatio());
    }

    private void writeReport(Report report) {
        report.figures().forEach((name, svg) -> run.writeText("report/figures/" + name, svg));
        run.writeText("report/report.html", report.html());
    }

    private RunFacts facts(TrainingFacts training) {
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
                config.evaluation().split().name().toLowerCase(Locale.ROOT),
                training,
                LearningCurves.of(run, plan.blocks()));
    }
}

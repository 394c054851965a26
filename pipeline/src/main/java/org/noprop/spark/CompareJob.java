package org.noprop.spark;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.RunFigures;
import org.noprop.evaluation.RunFiguresReader;
import org.noprop.evaluation.RunTable;
import org.noprop.evaluation.report.ComparisonPage;

/** Puts evaluated runs side by side, of whatever settings. It needs no Spark session. */
public final class CompareJob {
    private static final String PAGE = "comparison.html";

    private final Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    private final List<String> paths;
    private final List<RunFigures> runs;

    /**
     * Reads the runs.
     *
     * @param paths their folders, of any Hadoop file system, at least one
     * @throws InvalidInputException if one is no run, or not evaluated
     */
    public CompareJob(List<String> paths) {
        this.paths = List.copyOf(paths);
        this.runs = paths.stream().map(this::read).toList();
    }

    private RunFigures read(String path) {
        Path folder = Paths.of(path);
        return RunFiguresReader.read(RunFolder.open(hadoop, parent(folder), folder.getName()));
    }

    private static String parent(Path folder) {
        return folder.getParent() == null || folder.getParent().toString().isEmpty()
                ? "."
                : folder.getParent().toString();
    }

    /** A table for a terminal. */
    public String table() {
        return RunTable.of(runs);
    }

    /** Writes a page with figures beside the first run; returns its path. */
    public String writePage() {
        String folder = parent(Paths.of(paths.get(0)));
        return RunFolder.writeBesideRuns(hadoop, folder, PAGE, ComparisonPage.of(runs));
    }
}

package org.noprop.evaluation.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * How long training would take over the number of executors.
 *
 * @param work what is trained
 * @param times what was measured
 * @param cluster what it would be trained on, with the number of executors that was asked for
 * @param points by number of executors, ascending
 */
public record ClusterPlan(Workload work, StepTimes times, Cluster cluster, List<Point> points) {
    private static final int MOST_EXECUTORS = 1000;
    private static final int[] STEPS = {1, 2, 5};

    /**
     * Training on so many executors, in seconds.
     *
     * @param noprop all blocks and the head
     * @param dataParallel the baseline
     */
    public record Point(int executors, double noprop, double dataParallel) {}

    /** Copies the list. */
    public ClusterPlan {
        points = List.copyOf(points);
    }

    /** As {@link #of}, on executors that are cores of the machine that was measured, and so slow each other down as there. */
    public static ClusterPlan onThisMachine(Workload work, StepTimes times, Cluster cluster) {
        return of(work, times, cluster.withContention(times.sideBySide()));
    }

    /** Simulates 1, 2, 5, … 1000 executors, as many as can work at once, and as many as were asked for. */
    public static ClusterPlan of(Workload work, StepTimes times, Cluster cluster) {
        TreeSet<Integer> counts = new TreeSet<>(List.of(cluster.executors(), work.widest()));
        for (int decade = 1; decade <= MOST_EXECUTORS; decade *= 10) {
            for (int step : STEPS) {
                if (step * decade <= MOST_EXECUTORS) {
                    counts.add(step * decade);
                }
            }
        }
        List<Point> points = new ArrayList<>();
        for (int count : counts) {
            Cluster sized = cluster.withExecutors(count);
            points.add(new Point(
                    count, BlockSimulation.seconds(work, times, sized), DataParallel.seconds(work, times, sized)));
        }
        return new ClusterPlan(work, times, cluster, points);
    }

    /** The point that was asked for. */
    public Point asked() {
        return points.stream()
                .filter(point -> point.executors() == cluster.executors())
                .findFirst()
                .orElseThrow();
    }

    /** The result in two sentences. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "On %d %s NoProp would train for %s, data-parallel back-propagation for %s. NoProp gets no faster beyond"
                        + " T·K = %d·%d = %d executors.",
                cluster.executors(),
                cluster.executors() == 1 ? "executor" : "executors",
                time(asked().noprop()),
                time(asked().dataParallel()),
                work.blocks(),
                work.shards(),
                work.widest());
    }

    /** What stragglers and the reading of rows add to NoProp's time on as many executors as were asked for, in a sentence. */
    public String losses() {
        double even = BlockSimulation.seconds(work, times, cluster.withoutStragglers());
        double read = BlockSimulation.seconds(work, times.withoutReading(), cluster);
        return String.format(
                Locale.ROOT,
                "Of NoProp's time there, stragglers make %s and the reading of rows %s.",
                time(Math.max(0, asked().noprop() - even)),
                time(Math.max(0, asked().noprop() - read)));
    }

    /** A table for a terminal, ending with a line feed. */
    public String table() {
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "%9s %12s %14s%n", "executors", "NoProp", "data-parallel"));
        for (Point point : points) {
            String mark = point.executors() == work.widest() ? "  T·K: no faster beyond" : "";
            table.append(String.format(
                    Locale.ROOT,
                    "%9d %12s %14s%s%n",
                    point.executors(),
                    time(point.noprop()),
                    time(point.dataParallel()),
                    mark));
        }
        return table.toString();
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}

package org.noprop.evaluation.plan;

/**
 * Back-propagation through the whole network, data-parallel: every step, N workers divide the batch, each computes
 * its part, they exchange gradients by a ring, and all wait for the slowest. Kind to it: latency is that of a tree, no
 * executor holds up another's reading, and the last rows of an epoch make a step as short as any.
 */
final class DataParallel {
    private DataParallel() {}

    static double seconds(Workload work, StepTimes times, Cluster cluster) {
        int workers = Math.min(cluster.executors(), work.batchSize());
        double steps = work.baselineEpochs() * (double) work.rows() / work.batchSize();
        double rows = work.batchSize() / (double) workers;
        double slowest = 1 + cluster.variation() * Math.sqrt(2 * Math.log(workers));
        double step = times.baselineStep(rows, work.batchSize()) * slowest * cluster.slowdown();
        double reading = (times.reading() + work.rows() * times.rowBytes() / cluster.bandwidth()) / workers;
        double validation = work.baselineEpochs() * times.baselineValidation() / workers * cluster.slowdown();
        return times.start()
                + reading
                + times.warmUp()
                + times.build()
                + validation
                + steps * (step + exchange(times, cluster, workers));
    }

    /** 2 (N-1)/N of the gradients to and from each, in 2 ⌈log₂ N⌉ hops. */
    private static double exchange(StepTimes times, Cluster cluster, int workers) {
        if (workers == 1) {
            return 0;
        }
        double hops = 2 * Math.ceil(Math.log(workers) / Math.log(2));
        return 2.0 * (workers - 1) / workers * times.gradientBytes() / cluster.bandwidth() + hops * cluster.latency();
    }
}

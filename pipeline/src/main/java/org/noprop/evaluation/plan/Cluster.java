package org.noprop.evaluation.plan;

/**
 * What it would be trained on.
 *
 * @param executors N, each with one core or GPU as fast as the one measured
 * @param bandwidth bytes a second that an executor sends or receives
 * @param latency seconds from one executor to another
 * @param dispatch seconds from when a task can run until it does
 * @param contention by how much longer a task takes beside others on its machine; 1 is not at all
 * @param variation standard deviation of the logarithm of tasks' speeds: stragglers
 * @param seed of the stragglers
 */
public record Cluster(
        int executors,
        double bandwidth,
        double latency,
        double dispatch,
        double contention,
        double variation,
        long seed) {

    /** The same with another number of executors. */
    public Cluster withExecutors(int count) {
        return new Cluster(count, bandwidth, latency, dispatch, contention, variation, seed);
    }

    /** The same with another contention. */
    Cluster withContention(double factor) {
        return new Cluster(executors, bandwidth, latency, dispatch, factor, variation, seed);
    }

    /** The same with all tasks as fast as the one measured. */
    Cluster withoutStragglers() {
        return new Cluster(executors, bandwidth, latency, dispatch, contention, 0, seed);
    }

    /** What an executor of many loses to the others: nothing where it is alone. */
    double slowdown() {
        return executors == 1 ? 1 : contention;
    }
}

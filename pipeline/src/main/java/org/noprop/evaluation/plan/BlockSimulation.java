package org.noprop.evaluation.plan;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Plays a run of train-blocks: T groups of K members, each group a chain of rounds, on N executors of which each takes
 * the task that has waited longest. A member reads its rows if its executor has not, trains its epochs, and after the last
 * member of a round a task averages their states and looks at the validation rows.
 */
final class BlockSimulation {
    private static final int AVERAGE = -1;
    private static final int HEAD = -1;

    private final Workload work;
    private final StepTimes times;
    private final Cluster cluster;
    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparingDouble(Task::ready).thenComparingLong(Task::number));
    private final PriorityQueue<Executor> executors = new PriorityQueue<>(
            Comparator.comparingDouble((Executor executor) -> executor.free).thenComparingInt(executor -> executor.id));
    private final int[] membersLeft;
    private final double[] roundEnds;
    private long numbered;

    /** What an executor runs at a time: a member of a group in a round, the round's average, or the head. */
    private record Task(int group, int round, int member, double ready, long number) {}

    private static final class Executor {
        private final int id;
        private double free;
        private final boolean[] read;
        private boolean warm;

        Executor(int id, int shards) {
            this.id = id;
            this.read = new boolean[shards];
        }
    }

    private BlockSimulation(Workload work, StepTimes times, Cluster cluster) {
        this.work = work;
        this.times = times;
        this.cluster = cluster;
        this.membersLeft = new int[work.blocks()];
        this.roundEnds = new double[work.blocks()];
    }

    /** Seconds from the job's start to the end of its last task. */
    static double seconds(Workload work, StepTimes times, Cluster cluster) {
        return times.start() + new BlockSimulation(work, times, cluster).play();
    }

    private double play() {
        int useful = Math.min(cluster.executors(), work.widest() + 1);
        for (int id = 0; id < useful; id++) {
            executors.add(new Executor(id, work.shards()));
        }
        for (int group = 0; group < work.blocks(); group++) {
            startRound(group, 0, 0);
        }
        if (work.headEpochs() > 0) {
            add(HEAD, 0, 0, 0);
        }
        double end = 0;
        while (!waiting.isEmpty()) {
            end = Math.max(end, run(waiting.remove()));
        }
        return end;
    }

    private void startRound(int group, int round, double ready) {
        membersLeft[group] = work.shards();
        for (int member = 0; member < work.shards(); member++) {
            add(group, round, member, ready);
        }
    }

    private void add(int group, int round, int member, double ready) {
        waiting.add(new Task(group, round, member, ready, numbered++));
    }

    private double run(Task task) {
        Executor executor = executors.remove();
        double start = Math.max(task.ready, executor.free) + cluster.dispatch();
        executor.free = start + seconds(task, executor);
        executors.add(executor);
        if (task.group != HEAD) {
            after(task, executor.free);
        }
        return executor.free;
    }

    private void after(Task task, double end) {
        if (task.member == AVERAGE) {
            if (task.round + 1 < work.rounds()) {
                startRound(task.group, task.round + 1, end);
            }
            return;
        }
        roundEnds[task.group] = Math.max(roundEnds[task.group], end);
        membersLeft[task.group]--;
        if (membersLeft[task.group] == 0 && work.shards() > 1) {
            add(task.group, task.round, AVERAGE, roundEnds[task.group]);
        }
    }

    private double seconds(Task task, Executor executor) {
        if (task.member == AVERAGE) {
            return times.average() + work.shards() * times.stateBytes() / cluster.bandwidth() + times.validation();
        }
        if (task.group == HEAD) {
            long steps = (work.rows() + work.batchSize() - 1) / work.batchSize();
            return work.headEpochs() * steps * times.headStep() * cluster.slowdown();
        }
        double reading = readingSeconds(task, executor);
        double warmUp = executor.warm ? 0 : times.warmUp();
        executor.warm = true;
        double validation = work.shards() == 1 ? times.validation() : 0;
        double epoch = work.stepsOfAnEpoch() * times.blockStep() * pace(task) + validation;
        return reading + warmUp + times.build() + work.epochsOf(task.round) * epoch * cluster.slowdown();
    }

    /** An executor keeps the shards that it has read. */
    private double readingSeconds(Task task, Executor executor) {
        if (executor.read[task.member]) {
            return 0;
        }
        executor.read[task.member] = true;
        return (times.reading() + work.rows() * times.rowBytes() / cluster.bandwidth()) / work.shards();
    }

    /** exp(σ g), g standard normal for each task: how much slower than the one measured it is. */
    private double pace(Task task) {
        long address = ((long) task.group * work.rounds() + task.round) * work.shards() + task.member;
        double gaussian =
                new SplittableRandom(cluster.seed() * 31 + address).split().nextGaussian();
        return Math.exp(cluster.variation() * gaussian);
    }
}

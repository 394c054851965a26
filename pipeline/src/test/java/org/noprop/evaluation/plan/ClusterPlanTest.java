package org.noprop.evaluation.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.noprop.data.InvalidInputException;
import org.noprop.evaluation.FigureJson;

class ClusterPlanTest {
    private static final int MEGABYTES = 1_000_000;
    /** 10 steps an epoch, a second each; everything else costs nothing. */
    private static final StepTimes STEPS_ALONE = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    private static final Cluster IDEAL = new Cluster(1, MEGABYTES, 0, 0, 1, 0, 1);

    @Test
    void timeFallsWithTheRoundsOfBlocksThatExecutorsNeed() {
        for (int executors = 1; executors <= 12; executors++) {
            double expected = Math.ceil(10.0 / executors) * 20;
            assertThat(seconds(work(10, 1), STEPS_ALONE, executors)).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void shardsGoOnWhereBlocksEnd() {
        assertThat(seconds(work(10, 2), STEPS_ALONE, 10)).isCloseTo(20, within(1e-9));
        assertThat(seconds(work(10, 2), STEPS_ALONE, 20)).isCloseTo(10, within(1e-9));
        assertThat(seconds(work(10, 2), STEPS_ALONE, 1000)).isCloseTo(10, within(1e-9));
    }

    @Test
    void everyExecutorReadsWhatItTrainsOnOnce() {
        StepTimes reading = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 3, MEGABYTES / 1280.0, 0, 0, 0, 1);
        // 3 s to decode and 1 s to fetch, on an executor that trains ten blocks, and on each of ten.
        assertThat(seconds(work(10, 1), reading, 1)).isCloseTo(204, within(1e-9));
        assertThat(seconds(work(10, 1), reading, 10)).isCloseTo(24, within(1e-9));
        // Half of the rows each.
        assertThat(seconds(work(10, 2), reading, 20)).isCloseTo(12, within(1e-9));
    }

    @Test
    void everyRoundOfShardsCostsItsExchange() {
        StepTimes exchange = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, MEGABYTES, 0, 0, 1);
        // Two rounds of an epoch, with 2 · 1 MB at 1 MB/s after each.
        assertThat(seconds(work(1, 2), exchange, 2)).isCloseTo(10 + 2 * 2, within(1e-9));
    }

    @Test
    void everyTaskCostsWhatItTakesBesideItsSteps() {
        StepTimes beside = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 2, 5, 0, 0, 0, 0, 0, 1);
        // A block in one task; two rounds, each of two members at once and then the task that averages.
        assertThat(seconds(work(1, 1), beside, 1)).isCloseTo(20 + 2, within(1e-9));
        assertThat(seconds(work(1, 2), beside, 2)).isCloseTo(10 + 2 * (2 + 5), within(1e-9));
    }

    @Test
    void aJobHasItsStartAndMembersLookAtTheValidationRowsOnceARound() {
        StepTimes looks = new StepTimes(1, 0, 10, 2.5, 32, 3, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1);
        // Two epochs: with one member a look after each, with two after each round of an epoch.
        assertThat(seconds(work(1, 1), looks, 1)).isCloseTo(7 + 20 + 2 * 3, within(1e-9));
        assertThat(seconds(work(1, 2), looks, 2)).isCloseTo(7 + 10 + 2 * 3, within(1e-9));
        assertThat(DataParallel.seconds(work(1, 1), looks, IDEAL)).isCloseTo(7 + 200, within(1e-9));
    }

    @Test
    void onThisMachineTasksSlowEachOtherDownAsTwoDidThere() {
        StepTimes times = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.5);
        ClusterPlan plan = ClusterPlan.onThisMachine(work(10, 1), times, IDEAL.withExecutors(2));
        assertThat(plan.asked().noprop()).isCloseTo(5 * 20 * 1.5, within(1e-9));
        assertThat(plan.points().get(0).noprop()).isCloseTo(200, within(1e-9));
    }

    @Test
    void aPlanSaysWhatStragglersAndReadingAdd() {
        StepTimes reading = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 3, MEGABYTES / 1280.0, 0, 0, 0, 1);
        // 3 s to decode and 1 s to fetch.
        assertThat(ClusterPlan.of(work(10, 1), reading, IDEAL.withExecutors(2)).losses())
                .isEqualTo("Of NoProp's time there, stragglers make 0.0 s and the reading of rows 4.0 s.");
        Cluster uneven = new Cluster(10, MEGABYTES, 0, 0, 1, 0.2, 7);
        double slowest = BlockSimulation.seconds(work(10, 1), STEPS_ALONE, uneven);
        assertThat(ClusterPlan.of(work(10, 1), STEPS_ALONE, uneven).losses())
                .isEqualTo(String.format(
                        Locale.ROOT,
                        "Of NoProp's time there, stragglers make %.1f s and the reading of rows 0.0 s.",
                        slowest - 20));
    }

    @Test
    void aPlanIsReadAsItWasWritten() {
        ClusterPlan plan = ClusterPlan.of(work(7, 2), STEPS_ALONE, IDEAL.withExecutors(3));
        assertThat(FigureJson.read(
                        FigureJson.text(plan), ClusterPlan.class, "plan.json", "it holds no plan; run plan again"))
                .isEqualTo(plan);
        assertThatThrownBy(
                        () -> FigureJson.read("[]", ClusterPlan.class, "plan.json", "it holds no plan; run plan again"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("Cannot read plan.json: it holds no plan; run plan again");
    }

    @Test
    void theHeadIsATaskBesideTheBlocks() {
        StepTimes head = new StepTimes(1, 0.5, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        Workload work = new Workload(2, 1, 1280, 128, 2, 1, 3, 2);
        assertThat(seconds(work, head, 3)).isCloseTo(20, within(1e-9));
        assertThat(seconds(work, head, 1)).isCloseTo(2 * 20 + 3 * 10 * 0.5, within(1e-9));
    }

    @Test
    void aStragglerHoldsUpItsOwnGroupAlone() {
        Cluster uneven = new Cluster(10, MEGABYTES, 0, 0, 1, 0.2, 7);
        double slowest = BlockSimulation.seconds(work(10, 1), STEPS_ALONE, uneven);
        assertThat(slowest).isBetween(20 * 1.1, 20 * 1.9);
        assertThat(BlockSimulation.seconds(work(10, 1), STEPS_ALONE, uneven)).isEqualTo(slowest);
    }

    @Test
    void dataParallelTrainingDividesTheBatchAndExchangesGradients() {
        Workload work = work(10, 1);
        // 2 epochs of 10 steps of 10 s.
        assertThat(DataParallel.seconds(work, STEPS_ALONE, IDEAL)).isCloseTo(200, within(1e-9));
        // A quarter of the rows takes 2.5 s.
        assertThat(DataParallel.seconds(work, STEPS_ALONE, IDEAL.withExecutors(4)))
                .isCloseTo(50, within(1e-9));
        StepTimes gradients = new StepTimes(1, 0, 10, 2.5, 32, 0, 0, 0, 0, 0, 0, 0, 0, MEGABYTES, 0, 1);
        // 2 · 3/4 · 1 MB at 1 MB/s in each of 20 steps, and 2 · log₂ 4 hops of 10 ms.
        Cluster slow = new Cluster(4, MEGABYTES, 0.01, 0, 1, 0, 1);
        assertThat(DataParallel.seconds(work, gradients, slow)).isCloseTo(50 + 20 * (1.5 + 0.04), within(1e-9));
    }

    @Test
    void noMoreWorkersThanRowsOfABatchHelpDataParallelTraining() {
        Workload work = work(10, 1);
        assertThat(DataParallel.seconds(work, STEPS_ALONE, IDEAL.withExecutors(1000)))
                .isEqualTo(DataParallel.seconds(work, STEPS_ALONE, IDEAL.withExecutors(128)));
    }

    @Test
    void thePlanGoesToAThousandExecutorsAndMarksWhereNoPropEnds() throws Exception {
        ClusterPlan plan = ClusterPlan.of(work(7, 2), STEPS_ALONE, IDEAL.withExecutors(3));
        assertThat(plan.points())
                .extracting(ClusterPlan.Point::executors)
                .containsExactly(1, 2, 3, 5, 10, 14, 20, 50, 100, 200, 500, 1000);
        assertThat(plan.table()).contains("14       10.0 s         14.3 s  T·K: no faster beyond\n");
        assertThat(plan.sentence())
                .isEqualTo("On 3 executors NoProp would train for 50.0 s, data-parallel back-propagation for 66.7 s."
                        + " NoProp gets no faster beyond T·K = 7·2 = 14 executors.");
        JsonNode json = new ObjectMapper().readTree(FigureJson.text(plan));
        assertThat(json.get("points").get(2).get("data-parallel").asDouble()).isCloseTo(200 / 3.0, within(1e-9));
        assertThat(json.get("work").get("average-every").asInt()).isEqualTo(1);
    }

    private static double seconds(Workload work, StepTimes times, int executors) {
        return BlockSimulation.seconds(work, times, IDEAL.withExecutors(executors));
    }

    /** 1280 rows in batches of 128, two epochs. */
    private static Workload work(int blocks, int shards) {
        return new Workload(blocks, shards, 1280, 128, 2, 1, 0, 2);
    }
}

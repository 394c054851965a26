package org.noprop.training;

import java.io.Serializable;
import java.util.List;
import org.noprop.data.BaselineKind;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Baseline;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;

/**
 * All that decides how a run's blocks, head and baseline are trained, without the rows: what the driver
 * sends to a task.
 *
 * @param method what the blocks are trained for
 * @param labels label embeddings; where they start, if they are trained
 * @param headKind which head
 * @param image what blocks do with an image
 * @param block settings of every block
 * @param head settings of the head
 * @param baselines the baselines, at least one; the first is what measure and plan compare with
 * @param averageEvery epochs between two averages of what blocks share, at least 1
 */
public record TrainingPlan(
        Method method,
        LabelEmbedding labels,
        HeadSettings headKind,
        ImagePart image,
        TrainingSettings block,
        TrainingSettings head,
        List<BaselinePlan> baselines,
        int averageEvery)
        implements Serializable {
    /** Copies the list. */
    public TrainingPlan {
        baselines = List.copyOf(baselines);
    }

    /** The same with another batch size, for measurements: what it trains is another run's. */
    public TrainingPlan withBatchSize(int rows) {
        return new TrainingPlan(
                method,
                labels,
                headKind,
                image,
                block.withBatchSize(rows),
                head.withBatchSize(rows),
                baselines.stream().map(baseline -> baseline.withBatchSize(rows)).toList(),
                averageEvery);
    }

    /** The first baseline. */
    public BaselinePlan baseline() {
        return baselines.get(0);
    }

    /** The same with one of its baselines alone. */
    public TrainingPlan withBaseline(BaselineKind kind) {
        List<BaselinePlan> alone =
                baselines.stream().filter(baseline -> baseline.kind() == kind).toList();
        return new TrainingPlan(method, labels, headKind, image, block, head, alone, averageEvery);
    }

    /** The same with the first baseline alone, by so many micro-batches. */
    public TrainingPlan withMicroBatches(int count) {
        List<BaselinePlan> alone = List.of(baseline().withMicroBatches(count));
        return new TrainingPlan(method, labels, headKind, image, block, head, alone, averageEvery);
    }

    /**
     * A block, untrained.
     *
     * @param number 1 … {@link #blocks}
     * @param seed of its weights
     */
    public Block newBlock(int number, long seed) {
        return Block.create(method, number, image, labels, headKind, block.optimiser(), seed);
    }

    /**
     * The first baseline, untrained.
     *
     * @param seed of its weights
     */
    public Baseline newBaseline(long seed) {
        return Baseline.create(
                baseline().blocks(), image, labels, baseline().settings().optimiser(), seed);
    }

    /** How many blocks there are. */
    public int blocks() {
        return method.blocks();
    }

    /** Whether blocks train something together. */
    public boolean shares() {
        return method.shares(labels);
    }

    /** The rounds of the blocks: one where they share nothing. */
    public List<Round> rounds() {
        return shares() ? Round.each(block.epochs(), averageEvery) : List.of(Round.whole(block.epochs()));
    }
}

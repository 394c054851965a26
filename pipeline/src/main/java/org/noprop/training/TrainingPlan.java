package org.noprop.training;

import java.io.Serializable;
import java.util.List;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.BaselineNetwork;
import org.noprop.network.ImagePart;
import org.noprop.network.Method;
import org.noprop.network.Networks;

/**
 * All that decides how a run's blocks, head and baseline are trained, without the rows: what the driver
 * sends to a task.
 *
 * @param method what the blocks are trained for
 * @param baselineBlocks T of the baseline, or 0 for a plain one
 * @param labels label embeddings; where they start, if they are trained
 * @param headKind which head
 * @param image what blocks do with an image
 * @param block settings of every block
 * @param head settings of the head
 * @param baseline settings of the baseline
 * @param averageEvery epochs between two averages of what blocks share, at least 1
 */
public record TrainingPlan(
        Method method,
        int baselineBlocks,
        LabelEmbedding labels,
        HeadSettings headKind,
        ImagePart image,
        TrainingSettings block,
        TrainingSettings head,
        TrainingSettings baseline,
        int averageEvery)
        implements Serializable {

    /** The same with another batch size, for measurements: what it trains is another run's. */
    public TrainingPlan withBatchSize(int rows) {
        return new TrainingPlan(
                method,
                baselineBlocks,
                labels,
                headKind,
                image,
                block.withBatchSize(rows),
                head.withBatchSize(rows),
                baseline.withBatchSize(rows),
                averageEvery);
    }

    /**
     * The baseline's network, untrained.
     *
     * @param seed of its weights
     */
    public BaselineNetwork baselineNetwork(Networks networks, long seed) {
        return networks.baseline(baselineBlocks, image, labels, baseline.optimiser(), seed);
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

package org.noprop.training;

import java.util.Map;
import java.util.SortedMap;
import org.noprop.diffusion.NoiseKey;
import org.noprop.diffusion.NoiseKey.Purpose;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.network.Batch;
import org.noprop.network.Block;
import org.noprop.network.LossTerms;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;
import org.noprop.tensor.Trainable;

/**
 * A block learning alone to denoise, by the objective of its method: block t of NoProp-DT sees x and z_{t-1} ~ q(z_{t-1} | y)
 * and has to give u_y (Algorithm 1 of arXiv 2503.24322v2); in continuous time t is drawn for each row and epoch, uniformly
 * in the block's interval with its overlap. Every other block is absent.
 */
public final class BlockLearner implements Learner {
    private final Block block;
    private final int number;
    private final boolean onlyError;
    private final RowBatch batch;
    private final double start;
    private final ValidationPass validation;
    private final float[] validationOutput;
    private double head;
    private double kl;
    private double denoising;
    private long rowsSeen;

    /**
     * A learner of {@code block}.
     *
     * @param block built for these rows and by this plan
     * @param number which of the plan's blocks it is, 1 …
     * @param rows the rows
     */
    public BlockLearner(Block block, TrainingPlan plan, int number, TrainingRows rows) {
        Method method = plan.method();
        TrainingSettings settings = plan.block();
        this.block = block;
        this.number = number;
        this.onlyError = method.headPlace(plan.labels()) == Method.HeadPlace.APART;
        this.batch = batch(plan, number, rows);
        this.start = method instanceof Method.Discrete
                ? 0
                : intervals(method).interval(number).from();
        this.validation = new ValidationPass(rows.validation(), plan.labels(), settings.seed());
        this.validationOutput = new float[ValidationPass.BATCH * plan.labels().width()];
    }

    /** The batches of a block of a plan: with all the noise that its objective asks for, and no other. */
    static RowBatch batch(TrainingPlan plan, int number, TrainingRows rows) {
        Method method = plan.method();
        TrainingSettings settings = plan.block();
        RowBatch batch = new RowBatch(rows.training(), plan.labels(), settings, number)
                .withDropout(number)
                .withNoise(NoiseKey.of(settings.seed(), Purpose.BLOCK_INPUT).at(number));
        if (method.headPlace(plan.labels()) == Method.HeadPlace.APART) {
            return batch;
        }
        batch.roundingNoise();
        if (!(method instanceof Method.FlowMatching flow) || flow.sigma() > 0) {
            batch.withEndNoise(NoiseKey.of(settings.seed(), Purpose.HEAD_INPUT).at(number));
        }
        if (!(method instanceof Method.Discrete)) {
            TimeIntervals.Interval interval = intervals(method).training(number);
            batch.withTimes(NoiseKey.of(settings.seed(), Purpose.BLOCK_TIME).at(number), interval);
        }
        return batch;
    }

    private static TimeIntervals intervals(Method method) {
        return method instanceof Method.Continuous continuous
                ? continuous.intervals()
                : ((Method.FlowMatching) method).intervals();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Trainable subject() {
        return block;
    }

    @Override
    public double step(int epoch, int[] rows, int from, int count) {
        Batch drawn = batch.draw(epoch, rows, from, count);
        LossTerms terms = block.trainStep(drawn);
        head += count * terms.head();
        kl += count * terms.kl();
        denoising += count * terms.denoising();
        rowsSeen += count;
        return terms.error();
    }

    @Override
    public String lossName() {
        return ArtifactFigures.SQUARED_ERROR;
    }

    /** The other terms of the objective, where there are any. */
    @Override
    public Map<String, Double> epochFigures() {
        Map<String, Double> figures = rowsSeen == 0 || onlyError
                ? Map.of()
                : Map.of(
                        ArtifactFigures.CROSS_ENTROPY, head / rowsSeen,
                        ArtifactFigures.KL_TO_PRIOR, kl / rowsSeen,
                        ArtifactFigures.DENOISING, denoising / rowsSeen);
        head = 0;
        kl = 0;
        denoising = 0;
        rowsSeen = 0;
        return figures;
    }

    /** What the block says of pure noise, in continuous time where its interval begins. */
    @Override
    public Map<String, Double> validate() {
        return validation.accuracy((count, images, noise, probabilities) -> {
            float[] features = new float[count * block.featureWidth()];
            block.encodeImages(count, images, features);
            block.estimate(count, features, noise, start, validationOutput, probabilities);
        });
    }

    @Override
    public SortedMap<String, Tensor> shared() {
        return block.shared();
    }

    @Override
    public void loadShared(SortedMap<String, Tensor> averaged) {
        block.loadShared(averaged);
    }
}

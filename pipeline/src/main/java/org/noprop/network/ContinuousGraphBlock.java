package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.OptimiserSettings;

/** A block of NoProp-CT. */
final class ContinuousGraphBlock extends TimeGraphBlock {
    private final Combination estimate;
    private final HeadChain head;
    private final HeadReader reader;
    private final ScheduleWeights schedule;

    /** What such a block is made of, beside what every block in continuous time is. */
    record ContinuousParts(Parts common, Combination estimate, HeadChain head, ScheduleWeights schedule) {}

    private ContinuousGraphBlock(ContinuousParts parts, TrainedGraph graph, HeadReader reader) {
        super(parts.common(), graph, reader, couples(parts));
        this.estimate = parts.estimate();
        this.head = parts.head();
        this.reader = reader;
        this.schedule = parts.schedule();
    }

    static ContinuousGraphBlock create(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            ContinuousSettings settings,
            OptimiserSettings optimiser,
            long weightSeed) {
        ContinuousParts parts = parts(DataType.FLOAT, image, labels, head, settings, weightSeed);
        CommonWeights common = common(DataType.FLOAT, parts);
        TrainedGraph graph = new TrainedGraph(parts.common().graph(), common, optimiser);
        return new ContinuousGraphBlock(
                parts, graph, new HeadReader(parts.head(), parts.common().shape()));
    }

    static ContinuousParts parts(
            DataType type,
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            ContinuousSettings settings,
            long weightSeed) {
        LabelMatrix matrix = new LabelMatrix(type, labels);
        ScheduleWeights schedule = new ScheduleWeights(settings);
        UnitGraph.Builder builder = new UnitGraph.Builder(type, image.initialisation());
        TimeUnits units = TimeUnits.addTo(builder, image, matrix, matrix.trainable() || schedule.trained());
        Combination estimate =
                Combination.add(builder, "", matrix, units.logits().name());
        HeadChain chain = new HeadChain(builder.scratch(), head, matrix);
        UnitGraph graph = build(builder, estimate.output(), weightSeed);
        ContinuousObjective objective =
                new ContinuousObjective(graph, units.noisedLabel(), matrix, chain, schedule, settings);
        Parts parts = new Parts(shape(image, matrix), units, graph, matrix, objective);
        return new ContinuousParts(parts, estimate, chain, schedule);
    }

    /** W_Embed and the schedule where they start, if they are trained, and a head of zeros. */
    static CommonWeights common(DataType type, ContinuousParts parts) {
        CommonWeights common = new CommonWeights(
                type, List.of(parts.common().labels(), parts.head().weights(), parts.schedule()));
        parts.common().labels().start();
        parts.schedule().start();
        return common;
    }

    private static boolean couples(ContinuousParts parts) {
        return parts.common().labels().trainable() || parts.schedule().trained();
    }

    @Override
    INDArray output(INDArray logits) {
        return estimate.forward(logits);
    }

    @Override
    void classify(int rows, int first, double t, float[] z, float[] output, float[] probabilities) {
        Batches.copyOut(estimate.probabilities(), probabilities, first * shape().classes());
    }

    @Override
    public ContinuousSchedule schedule() {
        return schedule.read();
    }

    @Override
    long batchBytes() {
        return super.batchBytes() + head.bytes() + reader.bytes();
    }

    @Override
    public void close() {
        super.close();
        head.close();
        reader.close();
    }
}

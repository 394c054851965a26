package org.noprop.network;

import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.OptimiserSettings;

/** A block of NoProp-DT with trained label embeddings: a DL4J graph, and W_Embed and θ_out beside it. */
final class LearnedGraphBlock extends SharingGraphNetwork implements LearnedBlock, GraphDenoiser {
    private final Parts parts;
    private final BlockInference inference;
    private final HeadReader reader;

    /** What such a block is made of. */
    record Parts(BlockUnits units, UnitGraph graph, LabelMatrix labels, HeadChain head, DiscreteObjective objective) {}

    private LearnedGraphBlock(Parts parts, NetworkShape shape, TrainedGraph graph, HeadReader reader) {
        super(shape, graph, parts.labels(), reader, true);
        this.parts = parts;
        this.inference = new BlockInference(parts.units(), shape);
        this.reader = reader;
    }

    static LearnedGraphBlock create(
            ImagePart image,
            LabelEmbedding labels,
            HeadSettings head,
            DiscreteStep step,
            OptimiserSettings optimiser,
            long weightSeed) {
        if (!labels.trainable()) {
            throw new IllegalArgumentException(labels + " is not trainable");
        }
        Parts parts = parts(DataType.FLOAT, image, labels, head, step, weightSeed);
        CommonWeights common = common(DataType.FLOAT, parts.labels(), parts.head());
        NetworkShape shape = shape(image, parts.labels());
        TrainedGraph graph = new TrainedGraph(parts.graph(), common, optimiser);
        return new LearnedGraphBlock(parts, shape, graph, new HeadReader(parts.head(), shape));
    }

    static Parts parts(
            DataType type, ImagePart image, LabelEmbedding labels, HeadSettings head, DiscreteStep step, long seed) {
        LabelMatrix matrix = new LabelMatrix(type, labels);
        UnitGraph.Builder builder = new UnitGraph.Builder(type, image.initialisation());
        String x = builder.input("x");
        Tap input = builder.add(new Tap("z"), builder.input("noised"));
        BlockUnits units = BlockUnits.addTo(builder, new BlockUnits.Site("", x, input.name(), true), image, matrix);
        HeadChain chain = new HeadChain(builder.scratch(), head, matrix);
        UnitGraph graph = builder.build(units.estimate(), new SplittableRandom(seed));
        return new Parts(units, graph, matrix, chain, new DiscreteObjective(graph, input, matrix, chain, step));
    }

    /** W_Embed where it starts, and a head of zeros. */
    static CommonWeights common(DataType type, LabelMatrix labels, HeadChain head) {
        CommonWeights common = new CommonWeights(type, List.of(labels, head.weights()));
        labels.start();
        return common;
    }

    @Override
    public LossTerms trainStep(NoiseBatch batch) {
        Batches.checkRows(batch.rows());
        INDArray x = inference.images().copy(batch.images(), 0, batch.rows());
        LossTerms terms = parts.objective().measure(x, batch);
        graph().step();
        return terms;
    }

    @Override
    public BlockInference inference() {
        return inference;
    }

    @Override
    long batchBytes() {
        return inference.bytes()
                + reader.bytes()
                + parts.objective().bytes()
                + parts.head().bytes()
                + parts.labels().bytes();
    }

    @Override
    public void close() {
        graph().close();
        parts.objective().close();
        parts.head().close();
        parts.labels().close();
        inference.close();
        reader.close();
    }
}

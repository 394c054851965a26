package org.noprop.network;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.LabelEmbedding;
import org.noprop.tensor.OptimiserSettings;

/** A block over fixed label embeddings as a DL4J graph. */
final class GraphBlock extends GraphNetwork implements BlockNetwork, GraphDenoiser {
    private final LabelMatrix labels;
    private final SquaredError loss;
    private final BlockInference inference;

    private GraphBlock(BlockUnits units, TrainedGraph graph, ImagePart image, LabelMatrix labels) {
        super(shape(image, labels), graph);
        this.labels = labels;
        this.loss = new SquaredError(DataType.FLOAT, labels.embedding());
        this.inference = new BlockInference(units, shape());
    }

    static GraphBlock create(ImagePart image, LabelEmbedding labels, OptimiserSettings optimiser, long weightSeed) {
        LabelMatrix matrix = new LabelMatrix(DataType.FLOAT, labels);
        UnitGraph.Builder builder = new UnitGraph.Builder(DataType.FLOAT, image.initialisation());
        BlockUnits.Site site = new BlockUnits.Site("", builder.input("x"), builder.input("z"), false);
        BlockUnits units = BlockUnits.addTo(builder, site, image, matrix);
        TrainedGraph graph =
                new TrainedGraph(builder.build(units.estimate(), new SplittableRandom(weightSeed)), optimiser);
        return new GraphBlock(units, graph, image, matrix);
    }

    @Override
    public double trainStep(BlockBatch batch, double lossWeight) {
        Batches.checkRows(batch.rows());
        INDArray x = inference.images().copy(batch.images(), 0, batch.rows());
        INDArray z = inference.noisedLabels().copy(batch.noisedLabels(), 0, batch.rows());
        graph().useRowSeeds(batch.dropoutSeeds());
        INDArray estimate = graph().forward(true, x, z);
        double error = loss.measure(estimate, batch.labels(), lossWeight);
        graph().learn(loss.gradient());
        return error;
    }

    @Override
    public BlockInference inference() {
        return inference;
    }

    @Override
    long batchBytes() {
        return inference.bytes() + loss.bytes();
    }

    @Override
    public void close() {
        graph().close();
        labels.close();
        loss.close();
        inference.close();
    }
}

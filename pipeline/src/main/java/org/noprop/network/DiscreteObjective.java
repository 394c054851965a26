package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Equation 8 for one block with trained label embeddings: all its terms, and the whole gradient. */
final class DiscreteObjective implements AutoCloseable {
    private final UnitGraph graph;
    private final Tap input;
    private final LabelMatrix labels;
    private final HeadChain head;
    private final DiscreteStep step;
    private final NoisedRows blockInput;
    private final NoisedRows headInput;
    private final LabelError error;

    /**
     * An objective.
     *
     * @param graph from x and z to û
     * @param input where z's gradient comes out
     */
    DiscreteObjective(UnitGraph graph, Tap input, LabelMatrix labels, HeadChain head, DiscreteStep step) {
        DataType type = labels.type();
        this.graph = graph;
        this.input = input;
        this.labels = labels;
        this.head = head;
        this.step = step;
        this.blockInput = new NoisedRows(type, labels.width());
        this.headInput = new NoisedRows(type, labels.width());
        this.error = new LabelError(type, labels.width());
    }

    /** The terms for a batch; the gradients of everything are written. */
    LossTerms measure(INDArray images, NoiseBatch batch) {
        int rows = batch.rows();
        labels.beginStep();
        blockInput.begin(rows, batch.labels(), batch.inputNoise());
        blockInput.setAll(step.inputAlphaBar());
        graph.rowSeeds().use(batch.dropoutSeeds());
        INDArray estimate = graph.forward(true, images, blockInput.draw(labels));
        error.begin(rows);
        error.setAllWeights(step.weight());
        double denoising = error.measure(estimate, labels, batch.labels());
        graph.backward(error.gradient());
        blockInput.backward(input.gradient(), labels);
        double entropy = headTerm(batch);
        double kl =
                PriorTerm.of(rows, step.firstAlphaBar(), labels, batch.labels()).value();
        labels.endStep();
        return new LossTerms(entropy, kl, error.plain(), denoising);
    }

    private double headTerm(NoiseBatch batch) {
        headInput.begin(batch.rows(), batch.labels(), batch.headNoise());
        headInput.setAll(step.lastAlphaBar());
        double entropy = head.measure(headInput.draw(labels), batch.labels());
        headInput.backward(head.backward(), labels);
        return entropy;
    }

    long bytes() {
        return blockInput.bytes() + headInput.bytes() + error.bytes();
    }

    @Override
    public void close() {
        blockInput.close();
        headInput.close();
        error.close();
    }
}

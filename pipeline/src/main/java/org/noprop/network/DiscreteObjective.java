package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.Objective;
import org.noprop.nn.BlockNetwork;

/**
 * Equation 8 of arXiv 2503.24322v2 for one block of NoProp-DT: -log p̂_θout(y | z_T) + KL(q(z_0 | y) ‖ N(0, I)) + (T/2) η
 * (SNR(t) - SNR(t-1)) ‖û_θt(z_{t-1}, x) - u_y‖². Over fixed label embeddings only the last term depends on the block, and
 * it is the whole objective. Trained ones get the gradient through the target u_y, through û = softmax(logits) W_Embed,
 * through z_{t-1} = √ᾱ_{t-1} u_y + √(1-ᾱ_{t-1}) ε, through z_T likewise, and through the KL term.
 */
final class DiscreteObjective implements BlockObjective {
    private final Graph graph;
    private final LabelMatrix labels;
    private final BlockHead head;
    private final double inputAlphaBar;
    private final double firstAlphaBar;
    private final double lastAlphaBar;
    private final double weight;
    private final NoisedRows blockInput;
    private final NoisedRows headInput;
    private final LabelError error;

    /**
     * The objective of block t.
     *
     * @param graph from x and z to û
     * @param head null over fixed label embeddings
     * @param t 1 … T
     */
    DiscreteObjective(Graph graph, LabelMatrix labels, BlockHead head, Method.Discrete method, int t) {
        DataType type = labels.type();
        NoiseSchedule schedule = method.schedule();
        this.graph = graph;
        this.labels = labels;
        this.head = head;
        this.inputAlphaBar = schedule.alphaBar(t - 1);
        this.firstAlphaBar = schedule.alphaBar(0);
        this.lastAlphaBar = schedule.alphaBar(schedule.steps());
        this.weight = Objective.blockWeight(schedule, t, method.eta(), method.snrWeightCap());
        this.blockInput = new NoisedRows(type, labels.width());
        this.headInput = new NoisedRows(type, labels.width());
        this.error = new LabelError(type, labels.width());
    }

    @Override
    public LossTerms measure(INDArray images, Batch batch) {
        int rows = batch.rows();
        labels.beginStep();
        blockInput.begin(rows, batch.labels(), batch.noise());
        blockInput.setAll(inputAlphaBar);
        graph.rowSeeds().use(batch.dropoutSeeds());
        INDArray estimate = graph.forward(true, images, blockInput.draw(labels));
        error.begin(rows);
        error.setAllWeights(weight);
        double denoising = error.measure(estimate, labels, batch.labels());
        graph.backward(error.gradient());
        if (head == null) {
            return new LossTerms(0, 0, error.plain(), denoising);
        }
        blockInput.backward(graph.inputGradient(BlockNetwork.NOISED_LABEL), labels);
        double entropy = headTerm(batch);
        double kl = PriorTerm.of(rows, firstAlphaBar, labels, batch.labels()).value();
        labels.endStep();
        return new LossTerms(entropy, kl, error.plain(), denoising);
    }

    private double headTerm(Batch batch) {
        headInput.begin(batch.rows(), batch.labels(), batch.endNoise());
        headInput.setAll(lastAlphaBar);
        double entropy = head.measure(headInput.draw(labels), batch.labels(), 1);
        headInput.backward(head.backward(), labels);
        return entropy;
    }

    @Override
    public long bytes() {
        return blockInput.bytes() + headInput.bytes() + error.bytes();
    }

    @Override
    public void close() {
        blockInput.close();
        headInput.close();
        error.close();
    }
}

package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.nn.BlockNetwork;
import org.noprop.tensor.HostValues;
import org.noprop.tensor.Rows;

/**
 * The objective of NoProp-FM (Equations 10 to 13 of arXiv 2503.24322v2) over the interval of one block: w ‖v_θ(z_t, x, t) -
 * (u_y - z_0)‖², z_t = t u_y + (1-t) z_0 + σ ε, w = B times the length of the interval that t was drawn from. Where label
 * embeddings are trained there is an anchor term with the same weight, -log p̂_θout(y | z̃_1) at z̃_1 = z_t + (1-t) v_θ,
 * without which they would collapse: equal ones make every velocity equally easy.
 */
final class FlowObjective implements BlockObjective {
    private final Graph graph;
    private final LabelMatrix labels;
    private final BlockHead head;
    private final double sigma;
    private final double weight;
    private final int width;
    private final NoisedRows blockInput;
    private final LabelError error;
    private final TimeFeatures times;
    private final Rows end;
    private final Rows inputGradient;
    private double[] noise = {};

    /**
     * The objective of block b.
     *
     * @param graph from x, z and the embedding of t to v
     * @param head of the anchor term; null where there is none
     * @param b 1 … B
     */
    FlowObjective(Graph graph, LabelMatrix labels, BlockHead head, Method.FlowMatching method, int b) {
        DataType type = labels.type();
        this.graph = graph;
        this.labels = labels;
        this.head = head;
        this.sigma = method.sigma();
        this.weight = method.intervals().weight(b);
        this.width = labels.width();
        this.blockInput = new NoisedRows(type, width);
        this.error = new LabelError(type, width);
        this.times = new TimeFeatures(type);
        this.end = new Rows(type, width);
        this.inputGradient = new Rows(type, width);
    }

    @Override
    public LossTerms measure(INDArray images, Batch batch) {
        int rows = batch.rows();
        labels.beginStep();
        INDArray z = drawInput(batch);
        graph.rowSeeds().use(batch.dropoutSeeds());
        INDArray velocity = graph.forward(true, images, z, times.of(rows, batch.times()));
        error.begin(rows);
        error.setAllWeights(weight);
        double denoising = error.measure(velocity, labels, batch.labels(), batch.noise());
        double anchor = 0;
        if (head == null) {
            graph.backward(error.gradient());
        } else {
            anchor = anchorTerm(velocity, batch);
        }
        labels.endStep();
        return new LossTerms(anchor, 0, error.plain(), denoising);
    }

    /** z_t = t u_y + (1-t) z_0 + σ ε. */
    private INDArray drawInput(Batch batch) {
        int length = batch.rows() * width;
        if (noise.length < length) {
            noise = new double[length];
        }
        for (int i = 0; i < length; i++) {
            double still = (1 - batch.times()[i / width]) * batch.noise()[i];
            noise[i] = (float) (sigma == 0 ? still : still + sigma * batch.endNoise()[i]);
        }
        blockInput.begin(batch.rows(), batch.labels(), noise);
        for (int row = 0; row < batch.rows(); row++) {
            blockInput.set(row, batch.times()[row], 1);
        }
        return blockInput.draw(labels);
    }

    /** -log p̂(y | z̃_1) at z̃_1 = z_t + (1-t) v, and the backward pass of the whole objective. */
    private double anchorTerm(INDArray velocity, Batch batch) {
        int rows = batch.rows();
        double[] v = new HostValues(velocity).pull();
        double[] z = blockInput.values();
        end.matrix(rows);
        double[] reached = end.host().values();
        for (int i = 0; i < reached.length; i++) {
            reached[i] = z[i] + (1 - batch.times()[i / width]) * v[i];
        }
        double anchor = head.measure(end.host().push(), batch.labels(), weight);
        double[] byEnd = new HostValues(head.backward()).pull();
        double[] byVelocity = error.gradientValues();
        for (int i = 0; i < byEnd.length; i++) {
            byVelocity[i] += (1 - batch.times()[i / width]) * byEnd[i];
        }
        graph.backward(error.pushGradient());
        inputGradient.matrix(rows);
        double[] byInput = new HostValues(graph.inputGradient(BlockNetwork.NOISED_LABEL)).pull();
        for (int i = 0; i < byEnd.length; i++) {
            inputGradient.host().values()[i] = byInput[i] + byEnd[i];
        }
        blockInput.backward(inputGradient.host().push(), labels);
        return anchor;
    }

    @Override
    public long bytes() {
        return blockInput.bytes() + error.bytes() + times.bytes() + end.bytes() + inputGradient.bytes();
    }

    @Override
    public void close() {
        blockInput.close();
        error.close();
        times.close();
        end.close();
        inputGradient.close();
    }
}

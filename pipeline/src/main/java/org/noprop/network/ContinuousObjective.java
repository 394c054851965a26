package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.nn.BlockNetwork;

/**
 * The objective of NoProp-CT (Equations 9 and 62 of arXiv 2503.24322v2) over the interval of one block: -log p̂_θout(y | z_1)
 * + KL(q(z_0 | y) ‖ N(0, I)) + w · ½ η SNR'(t) ‖û_θ(z_t, x, t) - u_y‖², z_t = √ᾱ(t) u_y + √(1-ᾱ(t)) ε, w = B times the
 * length of the interval that t was drawn from. The gradient is that of the whole expression, of trained label embeddings
 * through z_t, u_y and û, and of a trained schedule through SNR'(t) and ᾱ(t).
 */
final class ContinuousObjective implements BlockObjective {
    private final Graph graph;
    private final LabelMatrix labels;
    private final BlockHead head;
    private final ScheduleWeights schedule;
    private final ContinuousSettings settings;
    private final double weight;
    private final NoisedRows blockInput;
    private final NoisedRows headInput;
    private final LabelError error;
    private final TimeFeatures times;
    private double[] snr = {};
    private double[] snrSlope = {};

    /**
     * The objective of block b.
     *
     * @param graph from x, z and the embedding of t to û
     * @param b 1 … B
     */
    ContinuousObjective(
            Graph graph,
            LabelMatrix labels,
            BlockHead head,
            ScheduleWeights schedule,
            Method.Continuous method,
            int b) {
        DataType type = labels.type();
        this.graph = graph;
        this.labels = labels;
        this.head = head;
        this.schedule = schedule;
        this.settings = method.settings();
        this.weight = method.intervals().weight(b);
        this.blockInput = new NoisedRows(type, labels.width());
        this.headInput = new NoisedRows(type, labels.width());
        this.error = new LabelError(type, labels.width());
        this.times = new TimeFeatures(type);
    }

    @Override
    public LossTerms measure(INDArray images, Batch batch) {
        labels.beginStep();
        ContinuousSchedule gamma = schedule.beginStep();
        double denoising = denoisingTerm(gamma, images, batch);
        double entropy = headTerm(gamma, batch);
        double kl = priorTerm(gamma, batch);
        labels.endStep();
        schedule.endStep();
        return new LossTerms(entropy, kl, error.plain(), denoising);
    }

    private double denoisingTerm(ContinuousSchedule gamma, INDArray images, Batch batch) {
        int rows = batch.rows();
        double factor = weight * settings.eta() / 2;
        blockInput.begin(rows, batch.labels(), batch.noise());
        error.begin(rows);
        readSchedule(gamma, batch);
        for (int row = 0; row < rows; row++) {
            blockInput.set(row, snr[row] / (1 + snr[row]));
            error.setWeight(row, factor * Math.min(snrSlope[row], settings.weightCap()));
        }
        graph.rowSeeds().use(batch.dropoutSeeds());
        INDArray z = blockInput.draw(labels);
        INDArray estimate = graph.forward(true, images, z, times.of(rows, batch.times()));
        double denoising = error.measure(estimate, labels, batch.labels());
        graph.backward(error.gradient());
        if (labels.trainable() || schedule.trained()) {
            blockInput.backward(graph.inputGradient(BlockNetwork.NOISED_LABEL), labels);
            for (int row = 0; row < rows; row++) {
                addScheduleGradient(batch.times()[row], row, factor / rows);
            }
        }
        return denoising;
    }

    /** SNR(t) and SNR'(t) of each row: a trained schedule is not evaluated more often than needed. */
    private void readSchedule(ContinuousSchedule gamma, Batch batch) {
        if (snr.length < batch.rows()) {
            snr = new double[batch.rows()];
            snrSlope = new double[batch.rows()];
        }
        for (int row = 0; row < batch.rows(); row++) {
            double t = batch.times()[row];
            snr[row] = gamma.snr(t);
            snrSlope[row] = -gamma.gammaSlope(t) * snr[row];
        }
    }

    /** Of a row: through z_t, and through the weight SNR'(t) = -γ'(t) exp(-γ(t)) where the cap does not hold. */
    private void addScheduleGradient(double t, int row, double factor) {
        double byGamma = blockInput.byGamma(row);
        double bySlope = 0;
        if (snrSlope[row] < settings.weightCap()) {
            byGamma -= factor * error.square(row) * snrSlope[row];
            bySlope -= factor * error.square(row) * snr[row];
        }
        schedule.add(t, byGamma, bySlope);
    }

    private double headTerm(ContinuousSchedule gamma, Batch batch) {
        headInput.begin(batch.rows(), batch.labels(), batch.endNoise());
        headInput.setAll(gamma.alphaBar(1));
        double entropy = head.measure(headInput.draw(labels), batch.labels(), 1);
        headInput.backward(head.backward(), labels);
        double byGamma = 0;
        for (int row = 0; row < batch.rows(); row++) {
            byGamma += headInput.byGamma(row);
        }
        schedule.add(1, byGamma, 0);
        return entropy;
    }

    /** ∂ᾱ/∂γ = -ᾱ (1-ᾱ). */
    private double priorTerm(ContinuousSchedule gamma, Batch batch) {
        double alphaBar = gamma.alphaBar(0);
        PriorTerm prior = PriorTerm.of(batch.rows(), alphaBar, labels, batch.labels());
        schedule.add(0, -prior.byAlphaBar() * alphaBar * (1 - alphaBar), 0);
        return prior.value();
    }

    @Override
    public long bytes() {
        return blockInput.bytes() + headInput.bytes() + error.bytes() + times.bytes();
    }

    @Override
    public void close() {
        blockInput.close();
        headInput.close();
        error.close();
        times.close();
    }
}

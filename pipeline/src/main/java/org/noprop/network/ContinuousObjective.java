package org.noprop.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.diffusion.ContinuousSchedule;

/** The objective of NoProp-CT (Equations 9 and 62), whose noise schedule may be trained too. */
final class ContinuousObjective implements TimeObjective {
    private final UnitGraph graph;
    private final Tap input;
    private final LabelMatrix labels;
    private final HeadChain head;
    private final ScheduleWeights schedule;
    private final ContinuousSettings settings;
    private final NoisedRows blockInput;
    private final NoisedRows headInput;
    private final LabelError error;
    private final TimeFeatures times;
    private double[] snr = {};
    private double[] snrSlope = {};

    /**
     * An objective.
     *
     * @param graph from x, z and the embedding of t to û
     * @param input where z's gradient comes out
     */
    ContinuousObjective(
            UnitGraph graph,
            Tap input,
            LabelMatrix labels,
            HeadChain head,
            ScheduleWeights schedule,
            ContinuousSettings settings) {
        DataType type = labels.type();
        this.graph = graph;
        this.input = input;
        this.labels = labels;
        this.head = head;
        this.schedule = schedule;
        this.settings = settings;
        this.blockInput = new NoisedRows(type, labels.width());
        this.headInput = new NoisedRows(type, labels.width());
        this.error = new LabelError(type, labels.width());
        this.times = new TimeFeatures(type);
    }

    @Override
    public LossTerms measure(INDArray images, TimeBatch batch, double weight) {
        labels.beginStep();
        ContinuousSchedule gamma = schedule.beginStep();
        double denoising = denoisingTerm(gamma, images, batch, weight);
        double entropy = headTerm(gamma, batch);
        double kl = priorTerm(gamma, batch);
        labels.endStep();
        schedule.endStep();
        return new LossTerms(entropy, kl, error.plain(), denoising);
    }

    private double denoisingTerm(ContinuousSchedule gamma, INDArray images, TimeBatch batch, double weight) {
        int rows = batch.rows();
        double factor = weight * settings.eta() / 2;
        blockInput.begin(rows, batch.labels(), batch.inputNoise());
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
            blockInput.backward(input.gradient(), labels);
            for (int row = 0; row < rows; row++) {
                addScheduleGradient(batch.times()[row], row, factor / rows);
            }
        }
        return denoising;
    }

    /** SNR(t) and SNR'(t) of each row: a trained schedule is not evaluated more often than needed. */
    private void readSchedule(ContinuousSchedule gamma, TimeBatch batch) {
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

    private double headTerm(ContinuousSchedule gamma, TimeBatch batch) {
        headInput.begin(batch.rows(), batch.labels(), batch.headNoise());
        headInput.setAll(gamma.alphaBar(1));
        double entropy = head.measure(headInput.draw(labels), batch.labels());
        headInput.backward(head.backward(), labels);
        double byGamma = 0;
        for (int row = 0; row < batch.rows(); row++) {
            byGamma += headInput.byGamma(row);
        }
        schedule.add(1, byGamma, 0);
        return entropy;
    }

    /** ∂ᾱ/∂γ = -ᾱ (1-ᾱ). */
    private double priorTerm(ContinuousSchedule gamma, TimeBatch batch) {
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

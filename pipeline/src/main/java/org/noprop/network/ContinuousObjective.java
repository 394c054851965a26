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
        for (int row = 0; row < rows; row++) {
            double t = batch.times()[row];
            blockInput.set(row, gamma.alphaBar(t));
            error.setWeight(row, factor * Math.min(gamma.snrSlope(t), settings.weightCap()));
        }
        graph.rowSeeds().use(batch.dropoutSeeds());
        INDArray z = blockInput.draw(labels);
        INDArray estimate = graph.forward(true, images, z, times.of(rows, batch.times()));
        double denoising = error.measure(estimate, labels, batch.labels());
        graph.backward(error.gradient());
        if (labels.trainable() || schedule.trained()) {
            blockInput.backward(input.gradient(), labels);
            for (int row = 0; row < rows; row++) {
                addScheduleGradient(gamma, batch.times()[row], row, factor / rows);
            }
        }
        return denoising;
    }

    /** Of a row: through z_t, and through the weight SNR'(t) = -γ'(t) exp(-γ(t)) where the cap does not hold. */
    private void addScheduleGradient(ContinuousSchedule gamma, double t, int row, double factor) {
        double byGamma = blockInput.byGamma(row);
        double bySlope = 0;
        if (gamma.snrSlope(t) < settings.weightCap()) {
            byGamma -= factor * error.square(row) * gamma.snrSlope(t);
            bySlope -= factor * error.square(row) * gamma.snr(t);
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

package org.noprop.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.Objective;
import org.noprop.label.LabelEmbedding;

/**
 * The three terms of the objective (Equation 8 of arXiv 2503.24322v2) over the training rows, in the last
 * epoch; their sum is what NoProp minimises.
 *
 * @param headCrossEntropy E[-log p̂(y | z_T)], nats
 * @param klToPrior KL(q(z_0 | y) ‖ N(0, I)), mean over classes, nats
 * @param denoising (T/2) η E_t[(SNR(t) - SNR(t-1)) ‖û_t - u_y‖²], SNR gains capped as configured
 */
public record ObjectiveTerms(double headCrossEntropy, double klToPrior, double denoising) {

    /**
     * The terms from what training measured.
     *
     * @param schedule the noise schedule
     * @param labels label embeddings
     * @param eta η
     * @param snrWeightCap largest SNR gain that counts
     * @param headCrossEntropy the head's mean cross-entropy
     * @param squaredErrors block 1 … T's mean ‖û_t - u_y‖²
     */
    public static ObjectiveTerms of(
            NoiseSchedule schedule,
            LabelEmbedding labels,
            double eta,
            double snrWeightCap,
            double headCrossEntropy,
            List<Double> squaredErrors) {
        double kl = 0;
        for (int label = 0; label < labels.classes(); label++) {
            kl += Objective.klToPrior(schedule.alphaBar(0), labels.vector(label)) / labels.classes();
        }
        double denoising = 0;
        for (int t = 1; t <= schedule.steps(); t++) {
            double weight = Objective.blockWeight(schedule, t, eta, snrWeightCap);
            denoising += weight * squaredErrors.get(t - 1) / schedule.steps();
        }
        return new ObjectiveTerms(headCrossEntropy, kl, denoising);
    }

    /**
     * The terms of blocks that train all of the objective themselves: means over the blocks.
     *
     * @param blocks the terms of each, at least one
     */
    public static ObjectiveTerms mean(List<ObjectiveTerms> blocks) {
        return new ObjectiveTerms(
                mean(blocks, ObjectiveTerms::headCrossEntropy),
                mean(blocks, ObjectiveTerms::klToPrior),
                mean(blocks, ObjectiveTerms::denoising));
    }

    private static double mean(List<ObjectiveTerms> blocks, ToDoubleFunction<ObjectiveTerms> term) {
        return blocks.stream().mapToDouble(term).average().orElseThrow();
    }

    /** The objective. */
    public double total() {
        return headCrossEntropy + klToPrior + denoising;
    }
}

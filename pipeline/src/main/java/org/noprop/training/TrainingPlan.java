package org.noprop.training;

import java.io.Serializable;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.ImagePart;

/**
 * All that decides how a run's blocks, head and baseline are trained, without the rows: what the driver
 * sends to a task.
 *
 * @param schedule the noise schedule, whose steps are the blocks
 * @param eta η of Equation 8
 * @param snrWeightCap largest SNR gain that counts
 * @param labels label embeddings
 * @param image what blocks do with an image
 * @param block settings of every block
 * @param head settings of the head
 * @param baseline settings of the baseline
 */
public record TrainingPlan(
        NoiseSchedule schedule,
        double eta,
        double snrWeightCap,
        LabelEmbedding labels,
        ImagePart image,
        TrainingSettings block,
        TrainingSettings head,
        TrainingSettings baseline)
        implements Serializable {

    /** T. */
    public int blocks() {
        return schedule.steps();
    }
}

package org.noprop.network;

import java.io.Serializable;
import org.noprop.diffusion.ContinuousSchedule;

/**
 * The objective of a block of NoProp-CT.
 *
 * @param schedule the noise schedule; where it starts, if it is trained
 * @param trainSchedule whether it is trained, which a {@link org.noprop.diffusion.MonotoneGamma} can be
 * @param eta η, positive; the paper has 1
 * @param weightCap largest SNR'(t) that counts as a weight, positive; infinite for none, as in the paper
 */
public record ContinuousSettings(ContinuousSchedule schedule, boolean trainSchedule, double eta, double weightCap)
        implements Serializable {}

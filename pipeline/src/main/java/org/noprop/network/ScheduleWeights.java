package org.noprop.network;

import java.util.Arrays;
import java.util.List;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.nn.Parameter;
import org.noprop.tensor.HostValues;

/** A noise schedule as a network holds it: fixed, or trained from where it started. */
final class ScheduleWeights extends Weights {
    private static final int PARAMETERS = 0;

    private final ContinuousSchedule start;
    private final boolean trained;
    private final double[] slopes;
    private ContinuousSchedule current;

    /** A schedule; a trained one still needs its vectors ({@link #useValues}). */
    ScheduleWeights(ContinuousSettings settings) {
        super("schedule", settings.trainSchedule() ? parameterSpecs() : List.of());
        this.start = settings.schedule();
        this.trained = settings.trainSchedule();
        this.slopes = new double[trained ? MonotoneGamma.PARAMETERS : 0];
        this.current = start;
    }

    private static List<Parameter> parameterSpecs() {
        return List.of(Parameter.constant("parameters", 0, MonotoneGamma.PARAMETERS));
    }

    /** Sets a trained schedule to where it starts. */
    void start() {
        if (trained) {
            startAt(PARAMETERS, ((MonotoneGamma) start).parameters());
        }
    }

    boolean trained() {
        return trained;
    }

    /** The schedule as it is now, for a step, and a gradient of 0. */
    ContinuousSchedule beginStep() {
        current = read();
        Arrays.fill(slopes, 0);
        return current;
    }

    /** The schedule as it is now. */
    ContinuousSchedule read() {
        return trained ? new MonotoneGamma(host(PARAMETERS).pull()) : start;
    }

    /** Adds to the gradient of a trained schedule that by γ(t) and γ'(t) of this step. */
    void add(double t, double byGamma, double bySlope) {
        if (current instanceof MonotoneGamma gamma && trained) {
            gamma.addGradient(t, byGamma, bySlope, slopes);
        }
    }

    /** Writes the gradient of a trained schedule. */
    void endStep() {
        if (trained) {
            HostValues gradient = new HostValues(gradient(PARAMETERS));
            System.arraycopy(slopes, 0, gradient.values(), 0, slopes.length);
            gradient.push();
        }
    }
}

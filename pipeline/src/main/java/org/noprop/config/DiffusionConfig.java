package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.LogNormal;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;

/**
 * The diffusion process.
 *
 * @param method which of the paper's three methods
 * @param blocks T, the blocks of discrete time and of the baseline, 1 … 492: with more, the cosine schedule's
 *     clamp makes its first two ᾱ equal
 * @param schedule the noise schedule; none of flow matching, which has no ᾱ
 * @param eta η of Equations 8 and 9, positive
 * @param snrWeightCap largest SNR gain that counts in a block's weight, positive
 * @param gamma the ends of γ in continuous time, where training starts if the schedule is trained
 * @param sigma σ of flow matching's z_t, at least 0
 * @param noiseLevel the density that equal masses are of
 * @param intervals how [0, 1] is cut for continuous time and flow matching
 */
public record DiffusionConfig(
        Method method,
        int blocks,
        Optional<Schedule> schedule,
        double eta,
        double snrWeightCap,
        Gamma gamma,
        double sigma,
        LogNormal noiseLevel,
        Intervals intervals) {
    /** The paper's methods. */
    public enum Method {
        /** NoProp-DT: discrete time, a block a step. */
        DT,
        /** NoProp-CT: continuous time. */
        CT,
        /** NoProp-FM: flow matching. */
        FM;

        /** η unless set: the paper's. */
        private double eta() {
            return this == DT ? 0.1 : 1;
        }

        private Optional<Schedule> schedule() {
            return switch (this) {
                case DT -> Optional.of(Schedule.COSINE);
                case CT -> Optional.of(Schedule.TRAINED);
                case FM -> Optional.empty();
            };
        }
    }

    /** Noise schedules. */
    public enum Schedule {
        /** {@link NoiseSchedule#cosine}, or {@link ContinuousSchedule.Cosine} in continuous time. */
        COSINE,
        /** {@link NoiseSchedule#linear}, or {@link ContinuousSchedule.Linear} in continuous time. */
        LINEAR,
        /** Steps of equal probability mass under a log-normal density of the noise level. */
        EQUAL_MASS,
        /** Of continuous time: trained with the network (Equations 65-67). */
        TRAINED;

        private boolean belongsTo(Method method) {
            return switch (this) {
                case COSINE, LINEAR -> method != Method.FM;
                case EQUAL_MASS -> method == Method.DT;
                case TRAINED -> method == Method.CT;
            };
        }
    }

    /**
     * The ends of γ(t) = -log SNR(t) where training starts.
     *
     * @param atOne γ0 = γ(1), nearly no noise
     * @param atZero γ1 = γ(0), nearly pure noise; above γ0
     */
    public record Gamma(double atOne, double atZero) {
        private static Gamma read(Settings settings) {
            double atOne = settings.number("gamma0", Range.closed(-30, 30));
            double atZero = settings.number("gamma1", Range.closed(-30, 30));
            if (atZero <= atOne) {
                settings.invalid("gamma1", "must be above noprop.diffusion.gamma0 = " + atOne);
            }
            return new Gamma(atOne, atZero);
        }
    }

    /** How [0, 1] is cut. */
    public enum Cut {
        /** Equal parts of t. */
        EQUAL_TIME,
        /** Equal probability mass under a log-normal density of the noise level. */
        EQUAL_MASS
    }

    /**
     * The intervals of [0, 1], a block each.
     *
     * @param count B, at least 1; 1 is the paper's single network
     * @param cut how they are cut
     * @param overlap by what share of its own length an interval reaches into each neighbour, in [0, 1)
     */
    public record Intervals(int count, Cut cut, double overlap) {
        private static Intervals read(Settings settings, Method method) {
            int count = settings.wholeNumber("count", Range.closed(1, 100));
            if (method == Method.DT && count > 1) {
                settings.invalid(
                        "count",
                        "must be 1 with noprop.diffusion.method = dt, which has a block a step and no intervals");
            }
            return new Intervals(
                    count, settings.choice("cut", Cut.class), settings.number("overlap", Range.halfOpen(0, 1)));
        }

        private Map<String, Object> settings() {
            return Map.of("count", count, "cut", Settings.kebab(cut), "overlap", overlap);
        }
    }

    /** How many networks NoProp trains, each in a partition group: T, or B in continuous time. */
    public int groups() {
        return method == Method.DT ? blocks : intervals.count();
    }

    /** Whether blocks train something together. */
    boolean shares(boolean trainedLabels) {
        return groups() > 1 && (trainedLabels || schedule.equals(Optional.of(Schedule.TRAINED)));
    }

    /** The same with another T. */
    DiffusionConfig withBlocks(int other) {
        return new DiffusionConfig(method, other, schedule, eta, snrWeightCap, gamma, sigma, noiseLevel, intervals);
    }

    /** ᾱ of discrete time. */
    public NoiseSchedule noiseSchedule() {
        return switch (schedule.orElseThrow()) {
            case COSINE -> NoiseSchedule.cosine(blocks);
            case LINEAR -> NoiseSchedule.linear(blocks);
            case EQUAL_MASS -> NoiseSchedule.equalMass(blocks, noiseLevel);
            case TRAINED -> throw new IllegalStateException("A trained schedule belongs to continuous time");
        };
    }

    /** γ of continuous time; where it starts, if it is trained. */
    public ContinuousSchedule continuousSchedule() {
        return switch (schedule.orElseThrow()) {
            case COSINE -> new ContinuousSchedule.Cosine(gamma.atOne, gamma.atZero);
            case LINEAR -> new ContinuousSchedule.Linear(gamma.atOne, gamma.atZero);
            case TRAINED -> MonotoneGamma.initial(gamma.atOne, gamma.atZero);
            case EQUAL_MASS -> throw new IllegalStateException("Equal masses belong to discrete time");
        };
    }

    /** The intervals of continuous time and flow matching. */
    public TimeIntervals timeIntervals() {
        return switch (intervals.cut) {
            case EQUAL_TIME -> TimeIntervals.equalTime(intervals.count, intervals.overlap);
            case EQUAL_MASS -> TimeIntervals.equalMass(
                    intervals.count,
                    intervals.overlap,
                    noiseLevel,
                    method == Method.FM ? TimeIntervals::flowNoiseLevel : continuousSchedule()::noiseLevel);
        };
    }

    static DiffusionConfig read(Settings settings) {
        Method method = settings.choice("method", Method.class);
        return new DiffusionConfig(
                method,
                settings.wholeNumber("blocks", Range.closed(1, 492)),
                schedule(settings, method),
                eta(settings, method),
                settings.number("snr-weight-cap", Range.above(0)),
                Gamma.read(settings),
                sigma(settings, method),
                noiseLevel(settings.section("noise-level")),
                Intervals.read(settings.section("intervals"), method));
    }

    private static double sigma(Settings settings, Method method) {
        double sigma = settings.number("sigma", Range.atLeast(0));
        if (method != Method.FM && sigma > 0) {
            settings.invalid(
                    "sigma",
                    "must be 0 with noprop.diffusion.method = " + Settings.kebab(method)
                            + ", whose noise is that of its schedule");
        }
        return sigma;
    }

    private static LogNormal noiseLevel(Settings settings) {
        return new LogNormal(
                settings.number("mean", Range.closed(-5, 5)), settings.number("deviation", Range.closed(0.1, 10)));
    }

    private static Optional<Schedule> schedule(Settings settings, Method method) {
        if (!settings.isSet("schedule")) {
            return method.schedule();
        }
        Schedule schedule = settings.choice("schedule", Schedule.class);
        if (!schedule.belongsTo(method)) {
            settings.invalid(
                    "schedule",
                    "must be " + rule(method) + " with noprop.diffusion.method = " + Settings.kebab(method));
        }
        return Optional.of(schedule);
    }

    private static String rule(Method method) {
        return switch (method) {
            case DT -> "cosine, linear or equal-mass";
            case CT -> "trained, cosine or linear";
            case FM -> "null";
        };
    }

    private static double eta(Settings settings, Method method) {
        if (!settings.isSet("eta")) {
            return method.eta();
        }
        if (method == Method.FM) {
            settings.invalid("eta", "must be null with noprop.diffusion.method = fm, whose loss has no weight");
        }
        return settings.number("eta", Range.above(0));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("method", Settings.kebab(method));
        settings.put("blocks", blocks);
        settings.put("schedule", schedule.map(Settings::kebab).orElse(null));
        settings.put("eta", method == Method.FM ? null : eta);
        settings.put("snr-weight-cap", snrWeightCap);
        settings.put("gamma0", gamma.atOne());
        settings.put("gamma1", gamma.atZero());
        settings.put("sigma", sigma);
        settings.put("noise-level", Map.of("mean", noiseLevel.mean(), "deviation", noiseLevel.deviation()));
        settings.put("intervals", intervals.settings());
        return settings;
    }
}

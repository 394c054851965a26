package org.noprop.diffusion;

import java.util.Arrays;

/**
 * The trainable schedule (Equations 65-67 of arXiv 2503.24322v2): γ(t) = γ0 + (γ1-γ0)(1-γ̄(t)), γ̄(t) =
 * (γ̃(t)-γ̃(0))/(γ̃(1)-γ̃(0)), where γ̃ is a network of two layers whose weights are positive, so that γ
 * falls with t whatever its parameters are: γ̃(t) = Σ_k v_k σ(w_k t + b_k), w_k = softplus(·), v_k =
 * softplus(·); and γ1 = γ0 + softplus(·).
 *
 * <p>The paper gives neither the width of γ̃ nor where parameters start. Here {@value #UNITS} sigmoids,
 * whose steps are spread evenly, make γ nearly a straight line to start with.
 */
public final class MonotoneGamma implements ContinuousSchedule {
    /** K, the sigmoids of γ̃. */
    public static final int UNITS = 32;

    /** How many parameters: γ0, what gives γ1 - γ0, then what gives w, b and what gives v, K of each. */
    public static final int PARAMETERS = 2 + 3 * UNITS;

    private static final int GAMMA_0 = 0;
    private static final int RANGE = 1;
    private static final int SLOPE = 2;
    private static final int SHIFT = SLOPE + UNITS;
    private static final int SHARE = SHIFT + UNITS;

    /** w where training starts: wide sigmoids, which overlap. */
    private static final double START_SLOPE = 8;

    /** Where the middles of the sigmoids lie at the start: beyond [0, 1] too, or the ends would be flat. */
    private static final double FIRST_MIDDLE = -.75;

    private static final double LAST_MIDDLE = 1.75;

    private final double[] parameters;
    private final double range;
    private final double[] slope = new double[UNITS];
    private final double[] share = new double[UNITS];
    /** The sigmoids at t = 0 and at t = 1. */
    private final double[] first;

    private final double[] last;
    private final double start;
    private final double rise;

    /**
     * The schedule of these parameters.
     *
     * @param parameters {@link #PARAMETERS} of them; copied
     */
    public MonotoneGamma(double... parameters) {
        if (parameters.length != PARAMETERS) {
            throw new IllegalArgumentException(
                    "A trainable schedule has " + PARAMETERS + " parameters, not " + parameters.length);
        }
        this.parameters = parameters.clone();
        this.range = softplus(parameters[RANGE]);
        for (int k = 0; k < UNITS; k++) {
            slope[k] = softplus(parameters[SLOPE + k]);
            share[k] = softplus(parameters[SHARE + k]);
        }
        this.first = units(0);
        this.last = units(1);
        this.start = height(first);
        this.rise = height(last) - start;
    }

    /**
     * Where training starts: nearly {@link ContinuousSchedule.Linear}.
     *
     * @param gamma0 γ at t = 1
     * @param gamma1 γ at t = 0, larger than γ0
     */
    public static MonotoneGamma initial(double gamma0, double gamma1) {
        requireFalling(gamma0, gamma1);
        double[] parameters = new double[PARAMETERS];
        parameters[GAMMA_0] = gamma0;
        parameters[RANGE] = inverseSoftplus(gamma1 - gamma0);
        for (int k = 0; k < UNITS; k++) {
            double middle = FIRST_MIDDLE + (LAST_MIDDLE - FIRST_MIDDLE) * k / (UNITS - 1);
            parameters[SLOPE + k] = inverseSoftplus(START_SLOPE);
            parameters[SHIFT + k] = -START_SLOPE * middle;
            parameters[SHARE + k] = inverseSoftplus(1);
        }
        return new MonotoneGamma(parameters);
    }

    /** The parameters, copied out. */
    public double[] parameters() {
        return parameters.clone();
    }

    @Override
    public double gamma(double t) {
        return parameters[GAMMA_0] + range * (1 - (height(units(t)) - start) / rise);
    }

    @Override
    public double gammaSlope(double t) {
        return -range * steepness(units(t)) / rise;
    }

    /**
     * Adds to {@code gradient} that of a loss which depends on γ(t) and γ'(t).
     *
     * @param t in [0, 1]
     * @param byGamma ∂loss/∂γ(t)
     * @param bySlope ∂loss/∂γ'(t)
     * @param gradient by the parameters, in their order
     */
    public void addGradient(double t, double byGamma, double bySlope, double[] gradient) {
        double[] units = units(t);
        double grown = (height(units) - start) / rise;
        double steep = steepness(units) / rise;
        double byRange = byGamma * (1 - grown) - bySlope * steep;
        double byRise = range * (byGamma * grown + bySlope * steep) / rise;
        double byHeight = -byGamma * range / rise;
        gradient[GAMMA_0] += byGamma;
        gradient[RANGE] += byRange * sigmoid(parameters[RANGE]);
        addHeightGradient(t, units, byHeight, -bySlope * range / rise, gradient);
        addHeightGradient(0, first, -byHeight - byRise, 0, gradient);
        addHeightGradient(1, last, byRise, 0, gradient);
    }

    /** γ̃(t) from the sigmoids at t. */
    private double height(double[] units) {
        double sum = 0;
        for (int k = 0; k < UNITS; k++) {
            sum += share[k] * units[k];
        }
        return sum;
    }

    /** γ̃'(t), likewise. */
    private double steepness(double[] units) {
        double sum = 0;
        for (int k = 0; k < UNITS; k++) {
            double h = units[k];
            sum += share[k] * slope[k] * h * (1 - h);
        }
        return sum;
    }

    private void addHeightGradient(double t, double[] units, double byHeight, double bySteepness, double[] gradient) {
        for (int k = 0; k < UNITS; k++) {
            double h = units[k];
            double g = h * (1 - h);
            double byUnit = share[k] * (byHeight + bySteepness * slope[k] * (1 - 2 * h)) * g;
            double bySlope = byUnit * t + bySteepness * share[k] * g;
            double byShare = byHeight * h + bySteepness * slope[k] * g;
            gradient[SLOPE + k] += bySlope * sigmoid(parameters[SLOPE + k]);
            gradient[SHIFT + k] += byUnit;
            gradient[SHARE + k] += byShare * sigmoid(parameters[SHARE + k]);
        }
    }

    private double[] units(double t) {
        double[] units = new double[UNITS];
        for (int k = 0; k < UNITS; k++) {
            units[k] = sigmoid(slope[k] * t + parameters[SHIFT + k]);
        }
        return units;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** The x whose softplus is {@code y}. */
    private static double inverseSoftplus(double y) {
        return y + Math.log(-Math.expm1(-y));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MonotoneGamma that && Arrays.equals(parameters, that.parameters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(parameters);
    }

    @Override
    public String toString() {
        return "MonotoneGamma[γ0=" + gamma(1) + ", γ1=" + gamma(0) + "]";
    }

    /** Refuses ends between which γ does not fall. */
    static void requireFalling(double gamma0, double gamma1) {
        if (!(gamma0 < gamma1) || Double.isInfinite(gamma1 - gamma0)) {
            throw new IllegalArgumentException("γ must fall from γ1 to γ0, got γ0 = " + gamma0 + " and γ1 = " + gamma1);
        }
    }
}

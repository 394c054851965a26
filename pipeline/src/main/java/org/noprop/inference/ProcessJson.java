package org.noprop.inference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.StreamSupport;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.CosineGamma;
import org.noprop.diffusion.LinearGamma;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;

/**
 * The noise of a model in {@code model.json}: ᾱ_0 … ᾱ_T of NoProp-DT; of the others the cuts between the blocks'
 * intervals, with γ of a fixed schedule, or σ of NoProp-FM. What only training needs is left out.
 */
final class ProcessJson {
    private static final String ALPHA_BAR = "alpha-bar";
    private static final String CUTS = "cuts";
    private static final String SIGMA = "sigma";
    private static final String GAMMA = "gamma";
    private static final String KIND = "kind";
    /** η and the cap weigh the loss, which inference has none of. */
    private static final double UNWEIGHTED = 1;

    private ProcessJson() {}

    static void write(ObjectNode json, Method method) {
        if (method instanceof Method.Discrete discrete) {
            ArrayNode values = json.putArray(ALPHA_BAR);
            for (int t = 0; t <= discrete.blocks(); t++) {
                values.add(discrete.schedule().alphaBar(t));
            }
        } else if (method instanceof Method.Continuous continuous) {
            cuts(json, continuous.intervals());
            gamma(json.putObject(GAMMA), continuous.settings().schedule());
        } else if (method instanceof Method.FlowMatching flow) {
            cuts(json, flow.intervals());
            json.put(SIGMA, flow.sigma());
        }
    }

    private static void cuts(ObjectNode json, TimeIntervals intervals) {
        ArrayNode cuts = json.putArray(CUTS).add(0.0);
        intervals.all().forEach(interval -> cuts.add(interval.to()));
    }

    private static void gamma(ObjectNode json, ContinuousSchedule schedule) {
        String kind = "trained";
        if (schedule instanceof CosineGamma) {
            kind = "cosine";
        } else if (schedule instanceof LinearGamma) {
            kind = "linear";
        }
        json.put(KIND, kind).put("at-one", schedule.gamma(1)).put("at-zero", schedule.gamma(0));
    }

    static Method read(JsonNode json) {
        if (json.has(ALPHA_BAR)) {
            return new Method.Discrete(NoiseSchedule.of(numbers(json.path(ALPHA_BAR))), UNWEIGHTED, UNWEIGHTED);
        }
        TimeIntervals intervals = TimeIntervals.between(numbers(json.path(CUTS)));
        if (!json.has(GAMMA)) {
            return new Method.FlowMatching(json.path(SIGMA).asDouble(), intervals);
        }
        ContinuousSchedule schedule = schedule(json.path(GAMMA));
        boolean trained = schedule instanceof MonotoneGamma;
        return new Method.Continuous(
                new ContinuousSettings(schedule, trained, UNWEIGHTED, Double.POSITIVE_INFINITY), intervals);
    }

    private static ContinuousSchedule schedule(JsonNode gamma) {
        double atOne = gamma.path("at-one").asDouble();
        double atZero = gamma.path("at-zero").asDouble();
        return switch (gamma.path(KIND).asText()) {
            case "cosine" -> new CosineGamma(atOne, atZero);
            case "linear" -> new LinearGamma(atOne, atZero);
            default -> MonotoneGamma.initial(atOne, atZero);
        };
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}

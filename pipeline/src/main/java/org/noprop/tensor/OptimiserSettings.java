package org.noprop.tensor;

import java.io.Serializable;

/**
 * How weights follow their gradient g.
 *
 * @param rule the update
 * @param learningRate lr, positive
 * @param weightDecay decay, at least 0
 */
public record OptimiserSettings(Rule rule, double learningRate, double weightDecay) implements Serializable {

    /** An update of a weight w, with Adam's β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    public enum Rule {
        /** Loshchilov and Hutter, arXiv 1711.05101: w ← w - lr (m̂/(√v̂ + ε) + decay w), moments those of g. */
        ADAMW,
        /** Kingma and Ba, arXiv 1412.6980: w ← w - lr m̂/(√v̂ + ε), moments those of g + decay w. */
        ADAM,
        /** w ← w - lr (g + decay w), without moments. */
        SGD
    }

    /** AdamW, the rule of NoProp-DT and of the baseline. */
    public static OptimiserSettings adamW(double learningRate, double weightDecay) {
        return new OptimiserSettings(Rule.ADAMW, learningRate, weightDecay);
    }

    /** Adam, the rule of NoProp-CT and NoProp-FM. */
    public static OptimiserSettings adam(double learningRate, double weightDecay) {
        return new OptimiserSettings(Rule.ADAM, learningRate, weightDecay);
    }

    /** Plain gradient descent, of which the average of two steps is the step along the average gradient. */
    public static OptimiserSettings sgd(double learningRate, double weightDecay) {
        return new OptimiserSettings(Rule.SGD, learningRate, weightDecay);
    }
}

package org.noprop.network;

import java.io.Serializable;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101): Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and weight
 * decay applied to the weights, not to the gradient: w ← w - lr (m̂/(√v̂ + ε) + decay w).
 *
 * @param learningRate lr, positive
 * @param weightDecay decay, at least 0
 */
public record AdamWSettings(double learningRate, double weightDecay) implements Serializable {}

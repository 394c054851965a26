package org.noprop.diffusion;

/**
 * The coefficients of one step of the chain, z_t = a û + b z_{t-1} + √c ε (Equation 3 of arXiv
 * 2503.24322v2).
 *
 * @param a weight of the block's output û
 * @param b weight of the block's input z_{t-1}
 * @param c variance of the fresh noise
 */
public record ChainCoefficients(double a, double b, double c) {}

package org.noprop.config;

/**
 * What the verdict requires.
 *
 * @param baselineMargin largest distance in accuracy points below the baseline that still counts as level, at least 0
 */
public record EvaluationConfig(double baselineMargin) {}

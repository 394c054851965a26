package org.noprop.config;

/**
 * How the baseline is trained; batch size and optimiser are those of {@link TrainingConfig}.
 *
 * @param epochs passes over the training rows, at least 1; that of training unless set
 */
public record BaselineConfig(int epochs) {}

package org.noprop.evaluation;

import org.noprop.data.BaselineKind;

/**
 * What an evaluation found of a baseline.
 *
 * @param kind which
 * @param accuracy by run
 * @param calibration of the mean over its runs
 */
public record BaselineFigures(BaselineKind kind, Accuracy accuracy, Calibration calibration) {}

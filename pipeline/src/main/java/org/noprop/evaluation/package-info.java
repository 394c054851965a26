/** Metrics of predictions against the labels, comparison with the baseline, and the report. */
package org.noprop.evaluation;

/** The report of a run: one HTML page with figures, which needs nothing but a browser. */
package org.noprop.evaluation.report;

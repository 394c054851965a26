/** The mathematics of diffusion: schedules, coefficients, noise, the sampling chain. Pure Java. */
package org.noprop.diffusion;

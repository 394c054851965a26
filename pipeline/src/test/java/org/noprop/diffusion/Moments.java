package org.noprop.diffusion;

/** Mean and variance of a sample, by the textbook formulas. */
record Moments(double mean, double variance) {
    static Moments of(float[] sample) {
        double sum = 0;
        for (float value : sample) {
            sum += value;
        }
        double mean = sum / sample.length;
        double squares = 0;
        for (float value : sample) {
            squares += (value - mean) * (value - mean);
        }
        return new Moments(mean, squares / (sample.length - 1));
    }
}

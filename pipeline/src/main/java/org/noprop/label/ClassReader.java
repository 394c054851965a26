package org.noprop.label;

/** Reads a class from z at the end of the chain. It never sees the image. */
public interface ClassReader {

    /** m. */
    int classes();

    /** d, the width of z_T. */
    int labelWidth();

    /**
     * Class probabilities.
     *
     * @param rows how many rows
     * @param noisedLabels z_T, rows × d, row-major
     * @param probabilities receives rows × m values, each row's sum 1
     */
    void probabilities(int rows, float[] noisedLabels, float[] probabilities);
}

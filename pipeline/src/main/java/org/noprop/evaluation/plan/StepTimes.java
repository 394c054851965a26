package org.noprop.evaluation.plan;

/**
 * What was measured on one core, seconds and bytes.
 *
 * @param blockStep a step of a block at the batch size
 * @param headStep a step of the head; 0 where it has no task of its own
 * @param baselineStep a step of the baseline at the batch size
 * @param baselineSmallStep a step of the baseline at {@code smallBatch} rows
 * @param smallBatch rows of the small step, fewer than the batch size
 * @param validation a look at the validation rows after an epoch
 * @param baselineValidation the same of the baseline
 * @param warmUp what the first steps in a Java process take beyond their time; on this machine with a block on every core, as
 *     the JIT compiler then takes its time from them
 * @param build what a task takes beside its steps: a network is made, states are read, written and made ready to send
 * @param average averaging the states of a round's members, without the look at validation rows
 * @param reading decoding all training rows
 * @param rowBytes of a row in its file
 * @param stateBytes weights and optimiser state of a block, which members exchange
 * @param gradientBytes of the baseline, which workers of data-parallel training exchange
 * @param start what a job does before its first task
 * @param sideBySide by how much longer a block's step takes beside another block's on this machine; 1 where that was
 *     not measured
 */
public record StepTimes(
        double blockStep,
        double headStep,
        double baselineStep,
        double baselineSmallStep,
        int smallBatch,
        double validation,
        double baselineValidation,
        double warmUp,
        double build,
        double average,
        double reading,
        double rowBytes,
        double stateBytes,
        double gradientBytes,
        double start,
        double sideBySide) {

    /** The same where rows are on every executor from the start. */
    StepTimes withoutReading() {
        return new StepTimes(
                blockStep,
                headStep,
                baselineStep,
                baselineSmallStep,
                smallBatch,
                validation,
                baselineValidation,
                warmUp,
                build,
                average,
                0,
                0,
                stateBytes,
                gradientBytes,
                start,
                sideBySide);
    }

    /** A step of the baseline over so many rows, on the line through the two that were measured; never less than nothing. */
    double baselineStep(double rows, int batchSize) {
        double perRow = Math.max(0, (baselineStep - baselineSmallStep) / (batchSize - smallBatch));
        return Math.max(0, baselineStep - perRow * (batchSize - rows));
    }
}

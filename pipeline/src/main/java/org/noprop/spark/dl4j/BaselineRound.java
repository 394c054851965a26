package org.noprop.spark.dl4j;

import java.io.Serializable;
import org.noprop.training.TrainingPlan;

/**
 * What the workers of one averaging round are told beside weights and optimiser state.
 *
 * @param plan how the baseline is trained
 * @param rows the rows of an executor
 * @param epoch 1 … epochs
 * @param learningRate of all steps of the round
 */
record BaselineRound(TrainingPlan plan, RowSource rows, int epoch, double learningRate) implements Serializable {}

package org.noprop.spark

import org.apache.spark.sql.DataFrame

/**
 * How a model was trained.
 *
 * @param blockMetrics a row for each epoch of each block: block, epoch, and the figures of the run folder's metrics.jsonl
 * @param sentence what was trained and what was there already
 * @param seconds wall-clock of the training
 */
class NoPropTrainingSummary private[spark] (
    val blockMetrics: DataFrame, val sentence: String, val seconds: Double)
    extends Serializable

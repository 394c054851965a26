package org.noprop.spark

import org.apache.spark.ml.linalg.SQLDataTypes
import org.apache.spark.ml.param._
import org.apache.spark.ml.param.shared.{HasFeaturesCol, HasSeed}
import org.apache.spark.sql.types.{ArrayType, NumericType, StructType}

/**
 * Parameters of [[NoPropClassifier]]. Each stands for the setting of `reference.conf` that its documentation names;
 * `settings` reaches all others.
 */
trait NoPropParams extends Params with HasFeaturesCol with HasSeed {

  /** diffusion.method. */
  final val method = new Param[String](
    this, "method", "diffusion.method: dt (discrete time), ct (continuous time) or fm (flow matching)",
    ParamValidators.inArray(Array("dt", "ct", "fm")))

  /** diffusion.blocks. */
  final val blocks = new IntParam(
    this, "blocks", "diffusion.blocks: T, the blocks of discrete time, 1 to 492", ParamValidators.inRange(1, 492))

  /** label.embedding. */
  final val labelEmbedding = new Param[String](
    this, "labelEmbedding", "label.embedding: one-hot or learned",
    ParamValidators.inArray(Array("one-hot", "learned")))

  /** label.width. */
  final val labelWidth = new IntParam(
    this, "labelWidth", "label.width: components of learned label embeddings, at least 1", ParamValidators.gtEq(1))

  /** training.epochs. */
  final val epochs = new IntParam(
    this, "epochs", "training.epochs: passes of each block over the rows, at least 1", ParamValidators.gtEq(1))

  /** training.head-epochs. */
  final val headEpochs = new IntParam(
    this, "headEpochs", "training.head-epochs: passes of the head, at least 1", ParamValidators.gtEq(1))

  /** training.batch-size. */
  final val batchSize = new IntParam(
    this, "batchSize", "training.batch-size: rows of a step, at least 2", ParamValidators.gtEq(2))

  /** training.learning-rate. */
  final val learningRate = new DoubleParam(
    this, "learningRate", "training.learning-rate: positive", ParamValidators.gt(0))

  /** training.weight-decay. */
  final val weightDecay = new DoubleParam(
    this, "weightDecay", "training.weight-decay: at least 0", ParamValidators.gtEq(0))

  /** training.shards. */
  final val shards = new IntParam(
    this, "shards", "training.shards: tasks that train a block together, at least 1", ParamValidators.gtEq(1))

  /** data.validation-fraction. */
  final val validationFraction = new DoubleParam(
    this, "validationFraction", "data.validation-fraction: share of the rows set aside, in [0, 1)",
    ParamValidators.inRange(0, 1, lowerInclusive = true, upperInclusive = false))

  /** inference.runs. */
  final val inferenceRuns = new IntParam(
    this, "inferenceRuns",
    "inference.runs: noisy runs that a prediction is the mean of, at least 1; of a model also 0, for one without noise",
    ParamValidators.gtEq(0))

  /** Where it goes on. */
  final val checkpointDir = new Param[String](
    this, "checkpointDir",
    "folder that driver and executors reach, of embeddings, runs and checkpoints; a fit of the same rows and parameters"
      + " goes on with what is there. Empty: a temporary folder, in local mode only")

  /** Everything else. */
  final val settings = new StringArrayParam(
    this, "settings", "further settings of reference.conf, key=value each, such as diffusion.schedule=linear")

  setDefault(
    method -> "dt", blocks -> 10, labelEmbedding -> "one-hot", labelWidth -> 20, epochs -> 10, headEpochs -> 20,
    batchSize -> 128, learningRate -> 0.001, weightDecay -> 0.001, shards -> 1, validationFraction -> 0.1,
    inferenceRuns -> 5, checkpointDir -> "", settings -> Array.empty[String], seed -> 1L)

  /** @group getParam */
  def getMethod: String = $(method)

  /** @group getParam */
  def getBlocks: Int = $(blocks)

  /** @group getParam */
  def getLabelEmbedding: String = $(labelEmbedding)

  /** @group getParam */
  def getLabelWidth: Int = $(labelWidth)

  /** @group getParam */
  def getEpochs: Int = $(epochs)

  /** @group getParam */
  def getHeadEpochs: Int = $(headEpochs)

  /** @group getParam */
  def getBatchSize: Int = $(batchSize)

  /** @group getParam */
  def getLearningRate: Double = $(learningRate)

  /** @group getParam */
  def getWeightDecay: Double = $(weightDecay)

  /** @group getParam */
  def getShards: Int = $(shards)

  /** @group getParam */
  def getValidationFraction: Double = $(validationFraction)

  /** @group getParam */
  def getInferenceRuns: Int = $(inferenceRuns)

  /** @group getParam */
  def getCheckpointDir: String = $(checkpointDir)

  /** @group getParam */
  def getSettings: Array[String] = $(settings)

  /** The parameters as the command line would take them. */
  protected def overrides: Seq[String] = Seq(
    s"run.seed=${$(seed)}",
    s"diffusion.method=${$(method)}",
    s"diffusion.blocks=${$(blocks)}",
    s"label.embedding=${$(labelEmbedding)}",
    s"label.width=${$(labelWidth)}",
    s"training.epochs=${$(epochs)}",
    s"training.head-epochs=${$(headEpochs)}",
    s"training.batch-size=${$(batchSize)}",
    s"training.learning-rate=${$(learningRate)}",
    s"training.weight-decay=${$(weightDecay)}",
    s"training.shards=${$(shards)}",
    s"data.validation-fraction=${$(validationFraction)}",
    s"inference.runs=${$(inferenceRuns)}") ++ $(settings)

  /** The schema with arrays of numbers in the place of which Spark ML expects vectors. */
  protected def withVectors(schema: StructType): StructType =
    if (!schema.fieldNames.contains($(featuresCol))) schema
    else StructType(schema.fields.map {
      case field if field.name == $(featuresCol) => field.dataType match {
        case ArrayType(_: NumericType, _) => field.copy(dataType = SQLDataTypes.VectorType)
        case _ => field
      }
      case field => field
    })
}

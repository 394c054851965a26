package org.noprop.spark

import java.nio.file.Files

import scala.collection.JavaConverters._

import org.apache.commons.io.FileUtils
import org.apache.spark.ml.classification.ProbabilisticClassifier
import org.apache.spark.ml.functions.vector_to_array
import org.apache.spark.ml.linalg.{SQLDataTypes, Vector}
import org.apache.spark.ml.param.ParamMap
import org.apache.spark.ml.util.{DefaultParamsReadable, DefaultParamsWritable, Identifiable}
import org.apache.spark.sql.{Column, Dataset}
import org.apache.spark.sql.functions.when
import org.apache.spark.sql.types.StructType
import org.noprop.data.InvalidInputException

/**
 * NoProp as an Estimator of Spark ML: trains blocks that learn alone to denoise labels given the features, each in a
 * Spark task of its own, by the very jobs of the command line. Features are vectors or arrays of numbers, labels 0 …
 * m-1. The same rows and parameters give the same model, to the bit, in whatever partitions and on however many cores.
 */
class NoPropClassifier(override val uid: String)
    extends ProbabilisticClassifier[Vector, NoPropClassifier, NoPropClassificationModel]
    with NoPropParams
    with DefaultParamsWritable {

  def this() = this(Identifiable.randomUID("noProp"))

  /** @group setParam */
  def setMethod(value: String): this.type = set(method, value)

  /** @group setParam */
  def setBlocks(value: Int): this.type = set(blocks, value)

  /** @group setParam */
  def setLabelEmbedding(value: String): this.type = set(labelEmbedding, value)

  /** @group setParam */
  def setLabelWidth(value: Int): this.type = set(labelWidth, value)

  /** @group setParam */
  def setEpochs(value: Int): this.type = set(epochs, value)

  /** @group setParam */
  def setHeadEpochs(value: Int): this.type = set(headEpochs, value)

  /** @group setParam */
  def setBatchSize(value: Int): this.type = set(batchSize, value)

  /** @group setParam */
  def setLearningRate(value: Double): this.type = set(learningRate, value)

  /** @group setParam */
  def setWeightDecay(value: Double): this.type = set(weightDecay, value)

  /** @group setParam */
  def setShards(value: Int): this.type = set(shards, value)

  /** @group setParam */
  def setValidationFraction(value: Double): this.type = set(validationFraction, value)

  /** @group setParam */
  def setInferenceRuns(value: Int): this.type = set(inferenceRuns, value)

  /** @group setParam */
  def setCheckpointDir(value: String): this.type = set(checkpointDir, value)

  /** @group setParam */
  def setSettings(value: Array[String]): this.type = set(settings, value)

  /** @group setParam */
  def setSeed(value: Long): this.type = set(seed, value)

  override def transformSchema(schema: StructType): StructType = super.transformSchema(withVectors(schema))

  override def copy(extra: ParamMap): NoPropClassifier = defaultCopy(extra)

  override protected def train(dataset: Dataset[_]): NoPropClassificationModel = {
    val label = ParquetTable.column(dataset.toDF(), $(labelCol)).cast("double")
    // Of the rows whose labels can be those of classes; the job says which rows have others.
    val classes = getNumClasses(dataset.filter(label >= 0 && label === label.cast("int").cast("double")))
    val table = dataset.select(label.as("label"), NoPropClassifier.floats(dataset, $(featuresCol)).as("embedding"))
    inFolder(dataset.sparkSession.sparkContext.isLocal) { folder =>
      val fitted = new FitJob(dataset.sparkSession, overrides.asJava, folder).run(table, classes)
      val model = new NoPropClassificationModel(uid).setContent(fitted.model)
      model.setSummary(new NoPropTrainingSummary(fitted.metrics, fitted.training.sentence, fitted.training.seconds))
    }
  }

  private def inFolder[T](local: Boolean)(work: String => T): T =
    if ($(checkpointDir).nonEmpty) {
      work($(checkpointDir))
    } else if (local) {
      val folder = Files.createTempDirectory("noprop-fit")
      try work(folder.toString)
      finally FileUtils.deleteDirectory(folder.toFile)
    } else {
      throw new InvalidInputException(
        "NoPropClassifier needs a checkpointDir that driver and executors reach, such as hdfs:///noprop; set it")
    }
}

/** Reads estimators that were saved. */
object NoPropClassifier extends DefaultParamsReadable[NoPropClassifier] {

  /** Features as arrays of float. */
  private[spark] def floats(dataset: Dataset[_], features: String): Column = {
    val column = ParquetTable.column(dataset.toDF(), features)
    if (dataset.schema(features).dataType == SQLDataTypes.VectorType) when(column.isNotNull, vector_to_array(column, "float32"))
    else column.cast("array<float>")
  }
}

package org.noprop.spark

import org.apache.spark.ml.classification.ProbabilisticClassificationModel
import org.apache.spark.ml.linalg.{DenseVector, Vector, Vectors}
import org.apache.spark.ml.param.ParamMap
import org.apache.spark.ml.util.{DefaultParamsReadable, DefaultParamsWritable, MLReadable, MLReader, MLWriter}
import org.apache.spark.sql.{DataFrame, Dataset}
import org.apache.spark.sql.functions.{col, udf}
import org.apache.spark.sql.types.StructType
import org.noprop.data.{ModelContent, ModelFiles}

/**
 * A trained NoProp model in Spark ML. What it says of a row is a function of the row alone, to the bit: noise is drawn for
 * a hash of the features. rawPrediction is the logarithm of the probability.
 */
class NoPropClassificationModel(override val uid: String)
    extends ProbabilisticClassificationModel[Vector, NoPropClassificationModel]
    with NoPropParams
    with DefaultParamsWritable {

  @transient private var content: ModelContent = _
  @transient private var trained: Option[NoPropTrainingSummary] = None
  @transient private lazy val table = TablePredictor.of(content)

  /** m. */
  override def numClasses: Int = table.classes

  override def numFeatures: Int = table.width

  /** How it was trained, where it was trained in this session. */
  def summary: NoPropTrainingSummary =
    trained.getOrElse(throw new IllegalStateException(s"No training summary available for $uid: it was loaded"))

  /** Whether there is a summary. */
  def hasSummary: Boolean = trained.isDefined

  /** @group setParam */
  def setInferenceRuns(value: Int): this.type = set(inferenceRuns, value)

  private[spark] def setContent(value: ModelContent): this.type = {
    content = value
    this
  }

  private[spark] def getContent: ModelContent = content

  private[spark] def setSummary(value: NoPropTrainingSummary): this.type = {
    trained = Option(value)
    this
  }

  override def transformSchema(schema: StructType): StructType = {
    val vectors = super.transformSchema(withVectors(schema))
    StructType(vectors.map(field => if (schema.fieldNames.contains(field.name)) schema(field.name) else field))
  }

  override def transform(dataset: Dataset[_]): DataFrame = {
    val schema = transformSchema(dataset.schema, logging = true)
    val features = NoPropClassifier.floats(dataset, $(featuresCol))
    val predicted = table.predict(dataset.toDF(), features, $(inferenceRuns))
    val probabilities = col(TablePredictor.PROBABILITY)
    val vector = udf((values: Seq[Float]) => Vectors.dense(values.map(_.toDouble).toArray))
    val logarithm = udf((values: Seq[Float]) => Vectors.dense(values.map(value => math.log(value.toDouble)).toArray))
    val decide = udf((values: Seq[Float]) => probability2prediction(Vectors.dense(values.map(_.toDouble).toArray)))
    Seq($(rawPredictionCol) -> logarithm, $(probabilityCol) -> vector, $(predictionCol) -> decide)
      .filter { case (name, _) => name.nonEmpty }
      .foldLeft(predicted) { case (rows, (name, function)) =>
        rows.withColumn(name, function(probabilities).as(name, schema(name).metadata))
      }
      .drop(TablePredictor.PROBABILITY)
  }

  override def predictRaw(features: Vector): Vector =
    Vectors.dense(table.predictOne(features.toArray.map(_.toFloat), $(inferenceRuns)).map(value => math.log(value.toDouble)))

  override protected def raw2probabilityInPlace(rawPrediction: Vector): Vector = rawPrediction match {
    case dense: DenseVector =>
      val values = dense.values
      values.indices.foreach(k => values(k) = math.exp(values(k)))
      dense
    case other => throw new IllegalArgumentException(s"Raw predictions are dense, not $other")
  }

  override def copy(extra: ParamMap): NoPropClassificationModel =
    copyValues(new NoPropClassificationModel(uid).setContent(content).setSummary(trained.orNull), extra)
      .setParent(parent)

  override def write: MLWriter = {
    val params = super.write
    val written = content
    new MLWriter {
      override protected def saveImpl(path: String): Unit = {
        params.save(path)
        ModelFiles.at(sparkSession.sparkContext.hadoopConfiguration, s"$path/model").write(written)
      }
    }
  }
}

/** Reads models that were saved. */
object NoPropClassificationModel extends MLReadable[NoPropClassificationModel] {
  private object Params extends DefaultParamsReadable[NoPropClassificationModel]

  override def read: MLReader[NoPropClassificationModel] = new MLReader[NoPropClassificationModel] {
    override def load(path: String): NoPropClassificationModel = {
      val files = ModelFiles.at(sparkSession.sparkContext.hadoopConfiguration, s"$path/model")
      Params.load(path).setContent(files.content)
    }
  }

  override def load(path: String): NoPropClassificationModel = super.load(path)
}

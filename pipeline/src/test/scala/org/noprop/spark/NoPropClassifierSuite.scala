package org.noprop.spark

import java.nio.file.{Files, Path}

import org.apache.spark.ml.{Pipeline, PipelineModel}
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator
import org.apache.spark.ml.feature.VectorAssembler
import org.apache.spark.ml.linalg.{Vector, Vectors}
import org.apache.spark.ml.param.{BooleanParam, DoubleParam, IntParam, LongParam, ParamPair, Params}
import org.apache.spark.ml.tuning.{CrossValidator, ParamGridBuilder}
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.functions.col
import org.noprop.config.InvalidConfigException
import org.noprop.data.InvalidInputException
import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite
import scala.concurrent.{Await, ExecutionContext, Future}
import scala.concurrent.duration.Duration

/** The Estimator as users of Spark ML meet it, on three clouds of points that a few epochs tell apart. */
class NoPropClassifierSuite extends AnyFunSuite with BeforeAndAfterAll {
  private val folder: Path = Files.createTempDirectory("noprop-suite")
  private var session: SparkSession = _
  private var points: DataFrame = _
  private var model: NoPropClassificationModel = _

  override def beforeAll(): Unit = {
    session = LocalSpark.withCores(2)
    points = NoPropClassifierSuite.points(session).cache()
    model = classifier.fit(points)
  }

  override def afterAll(): Unit = session.stop()

  private def classifier: NoPropClassifier =
    new NoPropClassifier().setBlocks(2).setEpochs(8).setHeadEpochs(10).setBatchSize(16).setLearningRate(0.01)
      .setInferenceRuns(3)

  private def accuracy(rows: DataFrame): Double =
    new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(rows)

  private def probabilities(rows: DataFrame): Map[Int, Vector] =
    rows.select("number", "probability").collect().map(row => row.getInt(0) -> row.getAs[Vector](1)).toMap

  test("a fitted model adds the columns of a classifier and has learned") {
    val predicted = model.transform(points)
    assert(predicted.columns === points.columns ++ Seq("rawPrediction", "probability", "prediction"))
    assert(accuracy(predicted) > 0.9)
    assert(model.numClasses === 3)
    assert(model.numFeatures === 4)
    predicted.select("rawPrediction", "probability", "prediction").collect().foreach { row =>
      val probability = row.getAs[Vector](1)
      assert(math.abs(probability.toArray.sum - 1) < 1e-5)
      assert(row.getDouble(2) === probability.argmax)
      row.getAs[Vector](0).toArray.zip(probability.toArray).foreach { case (raw, p) => assert(raw === math.log(p)) }
    }
  }

  test("one row predicted alone has what it has among others, to the bit") {
    val all = model.transform(points).select("features", "rawPrediction", "prediction").take(3)
    all.foreach { row =>
      assert(model.predictRaw(row.getAs[Vector](0)) === row.getAs[Vector](1))
      assert(model.predict(row.getAs[Vector](0)) === row.getDouble(2))
    }
  }

  test("rows in other partitions and another order give the same model and predictions, to the bit") {
    val shuffled = points.repartition(5, col("number")).orderBy(col("number").desc)
    val other = classifier.fit(shuffled)
    assert(other.getContent.tensors === model.getContent.tensors)
    assert(probabilities(other.transform(points.repartition(7))) === probabilities(model.transform(points)))
  }

  test("arrays of numbers serve as features, and the summary has each epoch of each block") {
    val arrays = points.withColumn("features", org.apache.spark.ml.functions.vector_to_array(col("features")))
    val other = classifier.fit(arrays)
    assert(probabilities(other.transform(arrays)) === probabilities(model.transform(points)))
    assert(model.hasSummary)
    assert(model.summary.sentence.startsWith("train-blocks: 3 trained in "))
    assert(model.summary.blockMetrics.select("block", "epoch").collect().map(row => row.getLong(0) -> row.getLong(1))
      === (for (block <- 1 to 2; epoch <- 1 to 8) yield (block.toLong, epoch.toLong)).toArray)
  }

  test("every parameter of estimator and model survives saving and loading") {
    val estimator = changed(new NoPropClassifier())
    estimator.save(s"$folder/estimator")
    assert(parameters(NoPropClassifier.load(s"$folder/estimator")) === parameters(estimator))

    val changedModel = changed(model.copy(org.apache.spark.ml.param.ParamMap.empty))
    changedModel.save(s"$folder/model")
    val loaded = NoPropClassificationModel.load(s"$folder/model")
    assert(parameters(loaded) === parameters(changedModel))
    assert(loaded.uid === model.uid)
    assert(!loaded.hasSummary)
    assert(loaded.getContent.tensors === model.getContent.tensors)
    model.write.overwrite().save(s"$folder/model")
    assert(probabilities(NoPropClassificationModel.load(s"$folder/model").transform(points))
      === probabilities(model.transform(points)))
  }

  /** Another value than the default for each parameter. */
  private def changed[P <: Params](params: P): P = {
    params.params.foreach { param =>
      val value: Any = (param.name, param) match {
        case ("method", _) => "ct"
        case ("labelEmbedding", _) => "learned"
        case ("thresholds", _) => Array(0.2, 0.3, 0.5)
        case ("settings", _) => Array("diffusion.eta=0.2")
        case ("validationFraction", _) => 0.25
        case (_, _: IntParam) => 3
        case (_, _: LongParam) => 77L
        case (_, _: DoubleParam) => 0.75
        case (_, _: BooleanParam) => true
        case (name, _) => s"my-$name"
      }
      params.set(params.getParam(param.name), value)
    }
    params
  }

  private def parameters(params: Params): Map[String, Any] =
    params.extractParamMap().toSeq.map { case ParamPair(param, value) =>
      param.name -> (value match {
        case array: Array[_] => array.toSeq
        case other => other
      })
    }.toMap

  test("thresholds move the prediction and not the probability") {
    val partial = model.copy(org.apache.spark.ml.param.ParamMap.empty).setThresholds(Array(1e-9, 1, 1))
    assert(partial.transform(points).select("prediction").distinct().collect().map(_.getDouble(0)) === Array(0))
    assert(probabilities(partial.transform(points)) === probabilities(model.transform(points)))
  }

  test("it goes through a pipeline, which is saved and loaded, and through a cross-validator") {
    val columns = (0 until 4).map(i => s"x$i").toArray
    val flat = points.drop("features")
    val pipeline = new Pipeline()
      .setStages(Array(new VectorAssembler().setInputCols(columns).setOutputCol("features"), classifier))
    val fitted = pipeline.fit(flat)
    fitted.save(s"$folder/pipeline")
    assert(probabilities(PipelineModel.load(s"$folder/pipeline").transform(flat))
      === probabilities(fitted.transform(flat)))

    val estimator = classifier
    val best = new CrossValidator()
      .setEstimator(estimator)
      .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
      .setEstimatorParamMaps(new ParamGridBuilder().addGrid(estimator.learningRate, Array(1e-9, 0.01)).build())
      .setNumFolds(2)
      .fit(points)
    assert(best.avgMetrics(1) > best.avgMetrics(0))
  }

  test("fits at once of the same rows write their embeddings once, and of the same settings train once") {
    val estimator = classifier.setEpochs(2).setCheckpointDir(s"$folder/at-once")
    val rates = Array(1e-3, 1e-2)
    new CrossValidator()
      .setEstimator(estimator)
      .setEvaluator(new MulticlassClassificationEvaluator())
      .setEstimatorParamMaps(new ParamGridBuilder().addGrid(estimator.learningRate, rates).build())
      .setNumFolds(2)
      .setParallelism(2)
      .fit(points)
    val same = Seq.fill(2)(Future(estimator.fit(points))(ExecutionContext.global)).map(Await.result(_, Duration.Inf))
    assert(same(0).getContent.tensors === same(1).getContent.tensors)
  }

  test("with a checkpoint folder a second fit of the same rows keeps what is there") {
    val estimator = classifier.setCheckpointDir(s"$folder/checkpoints")
    val first = estimator.fit(points)
    val second = estimator.fit(points.orderBy(col("number").desc))
    assert(first.getContent.tensors === model.getContent.tensors)
    assert(second.getContent.tensors === first.getContent.tensors)
    assert(second.summary.sentence.startsWith("train-blocks: 0 trained, 3 kept in "))
  }

  test("mistakes are sentences") {
    assert(intercept[InvalidConfigException] {
      classifier.setSettings(Array("training.epoch=3")).fit(points)
    }.getMessage === "Unknown key noprop.training.epoch; did you mean noprop.training.epochs? [--set]")
    assert(intercept[IllegalArgumentException](classifier.setBlocks(0)).getMessage.contains("blocks given invalid value 0"))
    assert(intercept[InvalidInputException] {
      classifier.fit(points.withColumn("features", org.apache.spark.sql.functions.expr("array(x0, if(number = 7, null, x1))")))
    }.getMessage === "1 of 240 rows of the table cannot be learned from, such as row 7: its image embedding has a value that is"
      + " missing or no number; correct these rows, or leave them out")
    assert(intercept[InvalidInputException] {
      classifier.fit(points.withColumn("label", org.apache.spark.sql.functions.expr("if(number = 7, 0.5, label)")))
    }.getMessage === "1 of 240 rows of the table cannot be learned from, such as row 7: its label is 0.5, where labels are"
      + " whole numbers from 0 to 2; correct these rows, or leave them out")
    assert(intercept[InvalidInputException](classifier.fit(points.limit(1))).getMessage.startsWith(
      "There is 1 training row of the table, and a block learns from 2 at least"))
  }

  test("features may have any name") {
    val renamed = points.withColumnRenamed("features", "my.features")
    val fitted = classifier.setFeaturesCol("my.features").fit(renamed)
    assert(fitted.getContent.tensors === model.getContent.tensors)
    assert(probabilities(fitted.transform(renamed)) === probabilities(model.transform(points)))
  }

  test("two executors give what one process gives, to the bit") {
    val local = probabilities(model.transform(points))
    session.stop()
    session = ClusterSpark.start(2, 1, java.util.Map.of())
    val same = NoPropClassifierSuite.points(session)
    val distributed = classifier.setCheckpointDir(s"$folder/distributed").fit(same)
    assert(distributed.getContent.tensors === model.getContent.tensors)
    assert(probabilities(distributed.transform(same.repartition(3))) === local)
    assert(intercept[InvalidInputException](classifier.fit(same)).getMessage.startsWith(
      "NoPropClassifier needs a checkpointDir that driver and executors reach"))
  }
}

/** Points that look the same in every session. */
object NoPropClassifierSuite {

  /** 240 points in three clouds, as vectors and as columns. */
  def points(session: SparkSession): DataFrame = {
    val random = new java.util.SplittableRandom(5)
    val rows = (0 until 240).map { number =>
      val label = number % 3
      val values = Array.tabulate(4)(i => (if (i == label) 2.5 else 0) + random.nextDouble() - 0.5)
      (number, label.toDouble, Vectors.dense(values), values(0), values(1), values(2), values(3))
    }
    session.createDataFrame(rows).toDF("number", "label", "features", "x0", "x1", "x2", "x3")
  }
}

"""Run by NoPropInPySparkTest: fits, saves and loads on a few points, and prints what the test compares."""

import sys

from org.noprop.spark import NoPropClassificationModel, NoPropClassifier
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession

class_path, options, folder = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", False)
    .config("spark.sql.shuffle.partitions", 2)
    .config("spark.driver.host", "localhost")
    .config("spark.driver.extraClassPath", class_path)
    .config("spark.driver.extraJavaOptions", options)
    .getOrCreate()
)
rows = [(i, float(i % 2), (i % 2) * 2.0 + 0.01 * (i % 7), 1.0 - 0.01 * (i % 5)) for i in range(120)]
points = spark.createDataFrame(rows, ["number", "label", "a", "b"])
assembler = VectorAssembler(inputCols=["a", "b"], outputCol="features")
features = assembler.transform(points)

estimator = NoPropClassifier(blocks=2, epochs=6, headEpochs=10, batchSize=16, learningRate=0.01, inferenceRuns=3)
assert estimator.getOrDefault("blocks") == 2 and estimator.getOrDefault("labelWidth") == 20
model = estimator.fit(features)
accuracy = MulticlassClassificationEvaluator(metricName="accuracy").evaluate(model.transform(features))
assert accuracy > 0.9, accuracy
assert model.hasSummary and model.blockMetrics.count() == 12

model.save(folder + "/model")
loaded = NoPropClassificationModel.load(folder + "/model")
assert loaded.transform(features).collect() == model.transform(features).collect()
estimator.save(folder + "/estimator")
assert NoPropClassifier.load(folder + "/estimator").getOrDefault("epochs") == 6

fitted = Pipeline(stages=[assembler, estimator]).fit(points)
assert fitted.transform(points).select("prediction").collect() == model.transform(features).select("prediction").collect()
fitted.save(folder + "/pipeline")
assert PipelineModel.load(folder + "/pipeline").transform(points).collect() == fitted.transform(points).collect()
print("accuracy", accuracy)
spark.stop()

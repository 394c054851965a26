"""NoProp for PySpark's ML pipelines: a thin class over the JVM's NoPropClassifier.

Put jobs/python on the Python path and noprop-jobs.jar on Spark's (spark.jars or --jars). The module is named as the JVM's
package is, because PySpark looks there for the classes of what it loads.
"""

from pyspark import keyword_only
from pyspark.ml.classification import _JavaProbabilisticClassificationModel, _JavaProbabilisticClassifier
from pyspark.ml.common import inherit_doc
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasSeed
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.sql import DataFrame, SparkSession


def _param(name, doc, converter):
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class _NoPropParams(HasSeed):
    """The parameters of the JVM's class, which documents and checks them."""

    method = _param("method", "diffusion.method: dt, ct or fm", TypeConverters.toString)
    blocks = _param("blocks", "diffusion.blocks", TypeConverters.toInt)
    labelEmbedding = _param("labelEmbedding", "label.embedding: one-hot or learned", TypeConverters.toString)
    labelWidth = _param("labelWidth", "label.width", TypeConverters.toInt)
    epochs = _param("epochs", "training.epochs", TypeConverters.toInt)
    headEpochs = _param("headEpochs", "training.head-epochs", TypeConverters.toInt)
    batchSize = _param("batchSize", "training.batch-size", TypeConverters.toInt)
    learningRate = _param("learningRate", "training.learning-rate", TypeConverters.toFloat)
    weightDecay = _param("weightDecay", "training.weight-decay", TypeConverters.toFloat)
    shards = _param("shards", "training.shards", TypeConverters.toInt)
    validationFraction = _param("validationFraction", "data.validation-fraction", TypeConverters.toFloat)
    inferenceRuns = _param("inferenceRuns", "inference.runs", TypeConverters.toInt)
    checkpointDir = _param("checkpointDir", "folder to go on in", TypeConverters.toString)
    settings = _param("settings", "further settings, key=value each", TypeConverters.toListString)


@inherit_doc
class NoPropClassifier(_JavaProbabilisticClassifier, _NoPropParams, JavaMLWritable, JavaMLReadable):
    """Trains NoProp's blocks on features and labels; takes the parameters above by keyword."""

    @keyword_only
    def __init__(self, **kwargs):
        super().__init__()
        self._java_obj = self._new_java_obj("org.noprop.spark.NoPropClassifier", self.uid)
        self._transfer_params_from_java()
        self._set(**kwargs)

    @keyword_only
    def setParams(self, **kwargs):
        """Sets parameters by keyword."""
        return self._set(**kwargs)

    def _create_model(self, java_model):
        return NoPropClassificationModel(java_model)


@inherit_doc
class NoPropClassificationModel(_JavaProbabilisticClassificationModel, _NoPropParams, JavaMLWritable, JavaMLReadable):
    """A trained model."""

    @property
    def hasSummary(self):
        """Whether it was trained in this session."""
        return self._call_java("hasSummary")

    @property
    def blockMetrics(self):
        """A row for each epoch of each block."""
        return DataFrame(self._call_java("summary").blockMetrics(), SparkSession.getActiveSession())

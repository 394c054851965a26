package org.noprop.spark

import java.nio.file.Files

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.functions.{col, max, min, size}
import org.apache.spark.sql.types._
import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

/** The embeddings as a notebook sees them: through Spark SQL, from Scala. */
class EmbeddingsFromScalaSuite extends AnyFunSuite with BeforeAndAfterAll {
  private var session: SparkSession = _
  private var embeddings: String = _

  override def beforeAll(): Unit = {
    session = LocalSpark.withCores(2)
    val small = new SmallRun(Files.createTempDirectory("noprop-suite"))
    small.preprocess(session)
    embeddings = small.config().data.embeddings
  }

  override def afterAll(): Unit = session.stop()

  private def split(name: String) = session.read.parquet(s"$embeddings/$name")

  test("columns have the promised names and types") {
    val columns = split("train").schema.map(field => field.name -> field.dataType.simpleString)
    assert(columns === Seq("id" -> "bigint", "label" -> "int", "embedding" -> "array<float>"))
  }

  test("shape, embedder and class names are in the columns' metadata") {
    val schema = split("test").schema
    assert(schema("embedding").metadata.getLongArray("shape") === Array(28L, 28L, 1L))
    assert(schema("embedding").metadata.getString("embedder").startsWith("""{"kind":"pixels","mean":["""))
    assert(schema("label").metadata.getStringArray("classNames") === (0 to 9).map(_.toString).toArray)
  }

  test("splits have the promised numbers of rows and no id in common") {
    val ids = Seq("train", "validation", "test").map(split(_).select("id"))
    assert(ids(0).count() + ids(1).count() === 1000)
    assert(ids(2).count() === 200)
    assert(ids.reduce(_ union _).distinct().count() === 1200)
  }

  test("every embedding has as many values as the shape, and every label is a class") {
    val row = split("train")
      .agg(min(size(col("embedding"))), max(size(col("embedding"))), min("label"), max("label"))
      .head()
    assert(row.toSeq === Seq(784, 784, 0, 9))
  }
}

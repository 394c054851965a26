package org.noprop.notes

import java.nio.file.{Files, Path, Paths}

import scala.collection.JavaConverters._

import org.apache.spark.sql.SparkSession
import org.noprop.spark.EvaluatedRuns
import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

/**
 * Runs every %spark and %spark.sql paragraph of every note, in order, through Spark's Scala REPL. Where NOPROP_NOTES_RUNS
 * names folders of evaluated runs, separated by commas, and NOPROP_NOTES_EMBEDDINGS their embeddings, the notes work on those,
 * and what comes out is stored in them.
 */
class NotesSuite extends AnyFunSuite with BeforeAndAfterAll {
  private val real = Option(System.getenv("NOPROP_NOTES_RUNS")).map(_.split(",").toSeq)
  private val notes: Seq[Note] = {
    val files = Files.list(Paths.get("../notebooks"))
    try files.iterator.asScala.filter(_.toString.endsWith(".zpln")).toList.sorted.map(new Note(_))
    finally files.close()
  }
  private var runs: Seq[String] = _
  private var embeddings: String = _

  override def beforeAll(): Unit = real match {
    case Some(folders) =>
      runs = folders
      embeddings = System.getenv("NOPROP_NOTES_EMBEDDINGS")
    case None =>
      val folder: Path = Files.createTempDirectory("noprop-notes-runs")
      runs = EvaluatedRuns.make(folder).asScala
      embeddings = s"$folder/embeddings"
  }

  test("there is a note to explore, to compare, to train and to look into single images") {
    assert(notes.map(_.name) === Seq("Compare runs", "Explore a run", "Look into the denoising", "Train with the Estimator"))
  }

  notes.foreach { note =>
    test(s"every paragraph of '${note.name}' runs, and what is stored is what comes out") {
      val z = new NoteContext(
        Map("run" -> runs.head, "runs" -> runs.mkString(","), "embeddings" -> embeddings, "epochs" -> "2"))
      val shell = new NoteShell(z)
      try {
        val ran = note.paragraphs.map(paragraph => paragraph -> shell.run(paragraph))
        assert(ran.exists { case (paragraph, _) => paragraph.interpreter == "spark" })
        if (real.isDefined) {
          ran.foreach { case (paragraph, messages) => paragraph.store(messages) }
          note.write()
        }
        ran.foreach { case (paragraph, messages) =>
          assert(paragraph.messages.map(_.kind) === messages.map(_.kind), paragraph.title)
          assert(heads(paragraph.messages) === heads(messages), paragraph.title)
        }
      } finally shell.close()
    }

    test(s"'${note.name}' names no place on a disk") {
      val text = new String(Files.readAllBytes(note.file), "UTF-8")
      assert("""(["' =]/(tmp|home|root|work|opt|usr|var|Users)/|file:/)""".r.findFirstIn(text) === None)
    }
  }

  /** The columns of tables. */
  private def heads(messages: Seq[Message]): Seq[String] =
    messages.filter(_.kind == "TABLE").map(_.data.takeWhile(_ != '\n'))

  override def afterAll(): Unit = SparkSession.getActiveSession.foreach(_.stop())
}

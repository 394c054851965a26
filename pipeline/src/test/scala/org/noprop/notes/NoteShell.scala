package org.noprop.notes

import java.io.{ByteArrayOutputStream, File, PrintStream, StringWriter}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files

import scala.tools.nsc.GenericRunnerSettings
import scala.tools.nsc.interpreter.{IR, JPrintWriter, NamedParam}

import org.apache.spark.repl.SparkILoop
import org.apache.spark.sql.SparkSession

/** Runs paragraphs of notes, one after the other, as Zeppelin's Spark interpreter does. */
class NoteShell(z: NoteContext) extends AutoCloseable {
  private val Form = """\$\{([^=}]+)=([^,}]*)[^}]*\}""".r
  private val classes = Files.createTempDirectory("noprop-notes")
  private val echo = new StringWriter
  private val session = SparkSession.builder
    .master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.repl.class.outputDir", classes.toString)
    .getOrCreate()
  private val loop = start()

  private def start(): SparkILoop = {
    val settings = new GenericRunnerSettings(problem => throw new IllegalStateException(problem))
    val arguments = List(
      "-Yrepl-class-based",
      "-Yrepl-outdir",
      classes.toString,
      "-classpath",
      System.getProperty("java.class.path").split(File.pathSeparator).filter(new File(_).exists).mkString(File.pathSeparator))
    settings.processArguments(arguments, processAll = true)
    val loop = new SparkILoop(None, new JPrintWriter(echo, true))
    loop.settings = settings
    loop.createInterpreter()
    loop.intp.initializeSynchronous()
    loop.intp.quietBind(NamedParam[SparkSession]("spark", session))
    loop.intp.quietBind(NamedParam[NoteContext]("z", z))
    loop
  }

  /** What comes out of a paragraph; fails if it does not run. */
  def run(paragraph: Paragraph): Seq[Message] = paragraph.interpreter match {
    case "spark" => interpret(paragraph)
    case "spark.sql" => Seq(NoteContext.table(session.sql(Form.replaceAllIn(paragraph.code, "$2"))))
    case "spark.conf" | "md" => paragraph.messages
  }

  private def interpret(paragraph: Paragraph): Seq[Message] = {
    val printed = new ByteArrayOutputStream
    echo.getBuffer.setLength(0)
    val result = Console.withOut(new PrintStream(printed, true, UTF_8.name))(loop.intp.interpret(paragraph.code))
    if (result != IR.Success) {
      throw new AssertionError(s"${paragraph.title}: $result\n$echo")
    }
    text(printed.toString(UTF_8.name)) ++ z.takeShown()
  }

  private def text(printed: String): Seq[Message] = printed.trim match {
    case "" => Nil
    case html if html.startsWith("%html") => Seq(Message("HTML", html.stripPrefix("%html").trim + "\n"))
    case plain => Seq(Message("TEXT", plain + "\n"))
  }

  override def close(): Unit = {
    loop.closeInterpreter()
    session.stop()
  }
}

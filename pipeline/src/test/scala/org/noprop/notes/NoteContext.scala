package org.noprop.notes

import scala.collection.mutable

import org.apache.spark.sql.DataFrame

/** What notes use of Zeppelin's `z`: forms, which are answered by name, and tables. */
class NoteContext(answers: Map[String, String]) {
  private val shown = mutable.Buffer[Message]()

  def textbox(name: String, default: String): Any = answers.getOrElse(name, default)

  def select(name: String, default: Any, options: Seq[(Any, String)]): Any = {
    require(options.nonEmpty, s"nothing to select for $name")
    answers.getOrElse(name, default)
  }

  def show(table: Any): Unit = shown += NoteContext.table(table.asInstanceOf[DataFrame])

  /** The tables since the last call. */
  def takeShown(): Seq[Message] = {
    val taken = shown.toList
    shown.clear()
    taken
  }
}

object NoteContext {
  private val MostRows = 1000

  def table(rows: DataFrame): Message = {
    def line(cells: Seq[Any]) = cells.map(cell => String.valueOf(cell).replaceAll("[\t\n]", " ")).mkString("\t")
    val lines = line(rows.columns) +: rows.take(MostRows).map(row => line(row.toSeq)).toSeq
    Message("TABLE", lines.mkString("", "\n", "\n"))
  }
}

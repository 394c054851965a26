package org.noprop.notes

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}

import scala.collection.JavaConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT
import com.fasterxml.jackson.databind.node.ObjectNode

/** A Zeppelin note: a file of JSON with paragraphs and what came out of them. */
class Note(val file: Path) {
  private val mapper = new ObjectMapper().enable(INDENT_OUTPUT)
  private val json = mapper.readTree(Files.readAllBytes(file)).asInstanceOf[ObjectNode]

  def name: String = json.get("name").asText

  val paragraphs: Seq[Paragraph] =
    json.get("paragraphs").elements.asScala.map(node => new Paragraph(node.asInstanceOf[ObjectNode])).toList

  def write(): Unit = Files.write(file, (mapper.writeValueAsString(json) + "\n").getBytes(UTF_8))
}

/** What came out of a paragraph: TABLE, HTML or TEXT. */
case class Message(kind: String, data: String)

class Paragraph(json: ObjectNode) {
  private val Magic = """(?s)%([a-z.]+)\s*\n(.*)""".r

  val (interpreter, code) = json.get("text").asText match { case Magic(name, rest) => (name, rest) }

  def title: String = json.path("title").asText

  def messages: Seq[Message] = json.path("results").path("msg").elements.asScala
    .map(message => Message(message.get("type").asText, message.get("data").asText))
    .toList

  def store(messages: Seq[Message]): Unit = {
    val results = json.putObject("results").put("code", "SUCCESS").putArray("msg")
    messages.foreach(message => results.addObject().put("type", message.kind).put("data", message.data))
    json.put("status", "FINISHED")
  }
}

package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is given secrets in every way there is, and tells MLflow of it. */
class SecretsTest {
    private static final Map<String, String> SPARK = Map.of(
            "spark.hadoop.fs.s3a.access.key", "PLANTED-1",
            "spark.hadoop.fs.s3a.secret.key", "PLANTED-2",
            "spark.authenticate.secret", "PLANTED-3",
            "spark.ssl.keyPassword", "PLANTED-4",
            "spark.ssl.keyStorePassword", "PLANTED-5",
            "spark.executorEnv.API_TOKEN", "PLANTED-6",
            "spark.hadoop.fs.azure.account.key.me.dfs.core.windows.net", "PLANTED-7",
            "spark.executor.extraJavaOptions", "-Djavax.net.ssl.trustStorePassword=PLANTED-8",
            "spark.hadoop.fs.ours.address", "ftp://me:PLANTED-9@host/");
    private static final String COMMAND_LINE = "sun.java.command";
    private static final Map<String, String> ANSWERS = Map.of(
            "/api/2.0/mlflow/experiments/get-by-name", "{\"experiment\": {\"experiment_id\": \"1\"}}",
            "/api/2.0/mlflow/runs/create",
                    "{\"run\": {\"info\": {\"run_id\": \"r\", \"run_uuid\": \"r\", \"artifact_uri\": \"mlflow-artifacts:/1/r\"}}}");

    @TempDir
    Path folder;

    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final List<String> logins = Collections.synchronizedList(new ArrayList<>());

    @Test
    void noFileNoMessageAndNobodyToldHoldsOne() throws IOException {
        Path preset = Files.writeString(
                folder.resolve("tiny.conf"),
                """
                noprop {
                  run.dir = "%1$s/runs"
                  data {
                    embeddings = "%1$s/embeddings"
                    path = "s3a://me:PLANTED-10@bucket/images"
                    digits { train = 100, test = 50 }
                  }
                  diffusion.blocks = 1
                  network.width = 8
                  training { epochs = 1, head-epochs = 1 }
                  inference.runs = 1
                }
                """
                        .formatted(folder));
        StringWriter said = new StringWriter();
        HttpServer mlflow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mlflow.createContext("/", this::answer);
        mlflow.start();
        try {
            int exitCode = NoProp.commandLine(Jobs::of, command -> session(folder))
                    .setOut(new PrintWriter(said))
                    .setErr(new PrintWriter(said))
                    .execute(
                            "run",
                            "--config=" + preset,
                            "--run-id=r",
                            "--set=data.mirror=https://mirror/x?token=PLANTED-11",
                            "--set=tracking.mlflow=http://me:PLANTED-12@127.0.0.1:"
                                    + mlflow.getAddress().getPort());
            assertThat(exitCode).as(said.toString()).isZero();
        } finally {
            mlflow.stop(0);
        }

        assertThat(said.toString()).contains("MLflow: http://127.0.0.1:").doesNotContain("PLANTED");
        assertThat(String.join("\n", received))
                .contains("tracking.mlflow", "/api/2.0/mlflow-artifacts/artifacts/1/r/report/report.html", "<html")
                .doesNotContain("PLANTED");
        assertThat(logins)
                .isNotEmpty()
                .containsOnly("Basic "
                        + Base64.getEncoder().encodeToString("me:PLANTED-12".getBytes(StandardCharsets.UTF_8)));
        assertThat(events()).contains("http://host", "spark.hadoop.fs.ours.address");
        assertThat(folder.resolve("runs/r/config/spark.properties"))
                .content()
                .contains(SPARK.keySet())
                .contains("spark.hadoop.fs.ours.address=ftp://host/");
        assertThat(folder.resolve("runs/r/config/effective.conf")).content().contains("s3a://bucket/images");
        for (String written : List.of("runs", "embeddings", "events")) {
            try (Stream<Path> files = Files.walk(folder.resolve(written))) {
                assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                                Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("PLANTED"));
            }
        }
    }

    /** As a process has it whose command line and settings hold secrets, and that keeps an event log. */
    private static SparkSession session(Path folder) {
        Map<String, String> properties = new TreeMap<>(SPARK);
        properties.put("spark.master", "local[2]");
        properties.put("spark.eventLog.enabled", "true");
        properties.put("spark.eventLog.dir", folder.resolve("events").toUri().toString());
        String command = System.getProperty(COMMAND_LINE);
        System.setProperty(COMMAND_LINE, "noprop run --set tracking.mlflow=http://me:PLANTED-13@host");
        properties.forEach(System::setProperty);
        try {
            return Sessions.open("run");
        } finally {
            properties.keySet().forEach(System::clearProperty);
            System.setProperty(COMMAND_LINE, command);
        }
    }

    private String events() throws IOException {
        try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
            return Files.readString(logs.filter(Files::isRegularFile)
                    .filter(log -> !log.getFileName().toString().endsWith(".crc"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        received.add(path + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        logins.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of("none")));
        byte[] answer =
                ANSWERS.getOrDefault(exchange.getRequestURI().getPath(), "{}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}

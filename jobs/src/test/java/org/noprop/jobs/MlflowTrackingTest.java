package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.noprop.Python;

/** Runs that a real MLflow server, as PyPI has it, is told of. */
@Timeout(600)
class MlflowTrackingTest {
    /** The server alone: its package does not say what it needs. */
    private static final String[] PINS = {
        "alembic==1.20.1",
        "fastapi==0.165.0",
        "Flask==3.1.3",
        "flask-cors==6.0.5",
        "graphene==3.4.3",
        "mlflow-skinny==3.8.1",
        "numpy==2.4.6",
        "pandas==3.1.1",
        "SQLAlchemy==2.0.44",
        "uvicorn==0.54.0",
    };

    @TempDir
    static Path folder;

    private static Process server;
    private static String address;
    private static String preset;

    @BeforeAll
    static void startServer() throws IOException {
        Python python = Python.with("mlflow", PINS);
        int port = freePort();
        address = "http://127.0.0.1:" + port;
        server = new ProcessBuilder(
                        python.bin().resolve("mlflow").toString(),
                        "server",
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--workers=1",
                        "--backend-store-uri=sqlite:///" + folder + "/mlflow.db",
                        "--artifacts-destination=" + folder + "/artefacts")
                .redirectErrorStream(true)
                .start();
        awaitStart();
        preset = Files.writeString(
                        folder.resolve("tiny.conf"),
                        """
                        noprop {
                          run.dir = "%1$s/runs"
                          data { embeddings = "%1$s/embeddings", digits { train = 400, test = 100 } }
                          diffusion.blocks = 2
                          training { epochs = 2, head-epochs = 2 }
                          inference.runs = 2
                        }
                        """
                                .formatted(folder))
                .toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Reads what it says until it has started; a thread then goes on, so that the server is never held up. */
    private static void awaitStart() throws IOException {
        BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            if (line.contains("Application startup complete")) {
                Thread drain = new Thread(() -> said.lines().forEach(ignored -> {}), "mlflow");
                drain.setDaemon(true);
                drain.start();
                return;
            }
        }
        throw new AssertionError(all);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroy();
        }
    }

    @Test
    void settingsFiguresAndReportOfARunAreThereOnce() throws IOException, InterruptedException {
        Outcome run = noprop("run", address);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("MLflow: " + address + "/#/experiments/\\d+/runs/[0-9a-f]{32}");

        try (MlflowClient client = new MlflowClient(address)) {
            String experiment = client.getExperimentByName("tiny").orElseThrow().getExperimentId();
            String others = client.createRun(CreateRun.newBuilder()
                            .setExperimentId(experiment)
                            .setStartTime(1)
                            .addTags(RunTag.newBuilder().setKey("noprop.run").setValue("told"))
                            .build())
                    .getRunId();
            assertThat(noprop("evaluate", address, "--resume").exitCode()).isZero();
            Map<Boolean, List<Run>> runs =
                    client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10).getItems().stream()
                            .collect(Collectors.partitioningBy(
                                    found -> found.getInfo().getRunId().equals(others)));
            assertThat(runs.get(true)).as("of somebody else").hasSize(1);
            assertThat(runs.get(false)).as("ours").hasSize(1);
            Run told = runs.get(false).get(0);
            assertThat(told.getInfo().getRunName()).isEqualTo("told");
            assertThat(told.getInfo().getStatus().name()).isEqualTo("FINISHED");
            assertThat(told.getData().getParamsList().stream()
                            .collect(Collectors.toMap(Param::getKey, Param::getValue)))
                    .containsEntry("training.epochs", "2")
                    .containsEntry("diffusion.blocks", "2")
                    .hasSizeGreaterThan(50);
            assertThat(told.getData().getMetricsList())
                    .extracting(Metric::getKey)
                    .contains("noprop/mean", "block-02/squared-error");
            assertThat(client.getMetricHistory(told.getInfo().getRunId(), "block-01/squared-error"))
                    .extracting(Metric::getStep)
                    .containsExactly(1L, 2L);
            String report = URI.create(told.getInfo().getArtifactUri()).getPath() + "/report/report.html";
            assertThat(get(address + "/api/2.0/mlflow-artifacts/artifacts" + report))
                    .isEqualTo(Files.readString(folder.resolve("runs/told/report/report.html")));
        }
    }

    @Test
    void whereNobodyListensTheEvaluationIsThereAllTheSame() throws IOException {
        String nobody = "http://127.0.0.1:" + freePort();
        Outcome outcome = Outcome.of(
                "run",
                "--config",
                preset,
                "--run-id=untold",
                "--set=tracking.mlflow=" + nobody,
                "--set=data.embeddings=" + folder + "/others");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Run untold is evaluated, but MLflow at " + nobody + " was not told: ")
                .endsWith("; correct noprop.tracking.mlflow and evaluate again with --resume\n");
        assertThat(folder.resolve("runs/untold/report/report.html")).isRegularFile();
    }

    private static Outcome noprop(String command, String mlflow, String... more) {
        String[] line = {
            command,
            "--config",
            preset,
            "--run-id=told",
            "--set=tracking.mlflow=" + mlflow,
            "--set=tracking.experiment=tiny"
        };
        String[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return Outcome.of(all);
    }

    private static String get(String uri) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(uri)).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}

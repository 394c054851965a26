package org.noprop.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.noprop.config.Secrets;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;

/**
 * Tells an MLflow server of evaluated runs: settings as parameters, figures as metrics, the report as an artefact. A run that
 * is evaluated again takes the place of itself, once all of it is there; another's run of the same name, which started at
 * another moment, stays.
 */
final class MlflowTracking {
    private static final String RUN = "noprop.run";
    private static final String NAME = "mlflow.runName";
    /** What a server takes at a time. */
    private static final int MOST_PARAMS = 100;

    private static final int MOST_EARLIER = 100;
    private static final int MOST_METRICS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String server;
    /** {@code user:password}, where the address has it. */
    private final Optional<String> login;

    private final String experiment;
    private final Configuration hadoop;

    /**
     * Tells a server.
     *
     * @param server its address, with {@code user:password@} where it asks for them
     * @param experiment what runs are put in
     * @param hadoop file systems, for artefacts that the server wants elsewhere
     */
    MlflowTracking(String server, String experiment, Configuration hadoop) {
        this.server = Secrets.hide(server).replaceAll("/+$", "");
        this.login = Optional.ofNullable(URI.create(server).getUserInfo());
        this.experiment = experiment;
        this.hadoop = hadoop;
    }

    /**
     * Tells it of a run.
     *
     * @return where it is to be seen
     * @throws InvalidInputException in one sentence, if the server does not take it
     */
    String tell(RunFolder run) {
        try (MlflowClient client = new MlflowClient(credentials())) {
            String id = client.getExperimentByName(experiment)
                    .map(Experiment::getExperimentId)
                    .orElseGet(() -> client.createExperiment(experiment));
            long started = run.record().started().toEpochMilli();
            List<String> earlier = client
                    .searchRuns(
                            List.of(id), "tags.`" + RUN + "` = '" + run.id() + "'", ViewType.ACTIVE_ONLY, MOST_EARLIER)
                    .getItems()
                    .stream()
                    .map(found -> found.getInfo())
                    .filter(info -> info.getStartTime() == started)
                    .map(RunInfo::getRunId)
                    .toList();
            RunInfo created = client.createRun(CreateRun.newBuilder()
                    .setExperimentId(id)
                    .setStartTime(started)
                    .addTags(tag(RUN, run.id()))
                    .addTags(tag(NAME, run.id()))
                    .build());
            fill(client, created, new MlflowRun(run));
            client.setTerminated(created.getRunId());
            earlier.forEach(client::deleteRun);
            return server + "/#/experiments/" + id + "/runs/" + created.getRunId();
        } catch (MlflowClientException | IOException e) {
            throw new InvalidInputException(
                    "Run " + run.id() + " is evaluated, but MLflow at " + server + " was not told: " + e.getMessage()
                            + "; correct noprop.tracking.mlflow and evaluate again with --resume",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private BasicMlflowHostCreds credentials() {
        if (login.isEmpty()) {
            return new BasicMlflowHostCreds(server);
        }
        String[] parts = login.get().split(":", 2);
        return new BasicMlflowHostCreds(server, parts[0], parts.length > 1 ? parts[1] : "");
    }

    private static RunTag tag(String key, String value) {
        return RunTag.newBuilder().setKey(key).setValue(value).build();
    }

    private void fill(MlflowClient client, RunInfo created, MlflowRun run) throws IOException, InterruptedException {
        chunks(run.params(), MOST_PARAMS)
                .forEach(params -> client.logBatch(created.getRunId(), List.of(), params, List.of()));
        chunks(run.metrics(), MOST_METRICS)
                .forEach(metrics -> client.logBatch(created.getRunId(), metrics, List.of(), List.of()));
        for (var file : run.files().entrySet()) {
            put(created.getArtifactUri(), file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static <T> List<List<T>> chunks(List<T> list, int size) {
        return IntStream.range(0, (list.size() + size - 1) / size)
                .mapToObj(i -> list.subList(i * size, Math.min(list.size(), (i + 1) * size)))
                .toList();
    }

    /** Through the server where it keeps artefacts for its clients, or straight to where it has them. */
    private void put(String artefacts, String name, byte[] bytes) throws IOException, InterruptedException {
        URI at = URI.create(artefacts);
        if (!"mlflow-artifacts".equals(at.getScheme())) {
            Path file = new Path(artefacts + "/" + name);
            try (OutputStream out = file.getFileSystem(hadoop).create(file, false)) {
                out.write(bytes);
            }
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server + "/api/2.0/mlflow-artifacts/artifacts" + at.getPath() + "/" + name))
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
        login.map(user -> Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
                .ifPresent(encoded -> request.header("Authorization", "Basic " + encoded));
        HttpResponse<String> response = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("it answered " + response.statusCode() + " to " + name);
        }
    }
}

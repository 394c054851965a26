package org.noprop.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.sql.SparkSession;

/** A standalone cluster on this machine: a master and workers as users start them, each in a process of its own. */
public final class StandaloneCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final String master;
    private final int uiPort;

    private StandaloneCluster(Path folder) {
        this.folder = folder;
        int port = freePort();
        this.uiPort = freePort();
        this.master = "spark://" + HOST + ":" + port;
        start("master", Master.class, "--port", String.valueOf(port), "--webui-port", String.valueOf(uiPort));
        await("status", "ALIVE");
    }

    /**
     * Starts a cluster with the tests' class path.
     *
     * @param folder for logs and for what the workers write
     * @param workers how many
     * @param cores of each
     */
    public static StandaloneCluster start(Path folder, int workers, int cores) {
        if (workers > 0) {
            ClusterSpark.makeHome();
        }
        StandaloneCluster cluster = new StandaloneCluster(folder);
        for (int number = 1; number <= workers; number++) {
            String name = "worker-" + number;
            String work = folder.resolve(name).toString();
            cluster.start(
                    name,
                    Worker.class,
                    "--cores",
                    String.valueOf(cores),
                    "--memory",
                    "1g",
                    "--work-dir",
                    work,
                    cluster.master);
        }
        return cluster;
    }

    /** The master's address, as {@code spark.master} takes it. */
    public String master() {
        return master;
    }

    /** A session on it, which the test stops. */
    SparkSession session(Map<String, String> settings) {
        return ClusterSpark.session(master, settings);
    }

    private void start(String name, Class<?> program, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(
                List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), program.getName(), "--host", HOST));
        line.addAll(Arrays.asList(arguments));
        try {
            processes.add(new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(name + ".log").toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the master says this: what comes to it too early is lost, and tried again after many seconds. */
    private void await(String field, String value) {
        while (!state().path(field).asText().equals(value)) {
            if (!processes.get(0).isAlive()) {
                throw new IllegalStateException("The master has ended: " + log("master"));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private JsonNode state() {
        try {
            return new ObjectMapper()
                    .readTree(URI.create("http://" + HOST + ":" + uiPort + "/json/")
                            .toURL());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private String log(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it; a worker takes its executors with it. */
    @Override
    public void close() {
        for (int last = processes.size() - 1; last >= 0; last--) {
            processes.get(last).destroy();
        }
        processes.forEach(process -> process.onExit().join());
    }
}

package org.noprop.jobs;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Kills drivers in the midst of a small {@code run}, resumes it, and compares what it leaves with a run that nobody
 * disturbed. A moment is a number of changes to files that were seen and up to 20 ms more, which depends on the speed of
 * the machine as little as can be.
 */
final class Kills {
    private static final int MOST_OF_A_RUN = 3;
    private static final int LATER_MILLISECONDS = 20;
    private static final long LONGEST_SECONDS = 300;

    private final Path folder;
    private final long seed;

    /** Kills of drivers that work below this folder, at moments drawn from the seed. */
    Kills(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
    }

    /**
     * A run that was disturbed.
     *
     * @param id of the run
     * @param killedIn the job that was at work at each kill
     * @param differences to the run that was not disturbed, or how resuming failed; empty if all is equal
     */
    record Survivor(String id, List<String> killedIn, List<String> differences) {
        private String row() {
            return "| " + id + " | " + String.join(", ", killedIn) + " | "
                    + (differences.isEmpty() ? "equal" : "different: " + String.join("; ", differences)) + " |";
        }
    }

    /** Takes a folder, the number of kills and a seed; prints a table, and ends with 1 if anything differs. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println("| run | killed in | result |\n|---|---|---|");
        List<Survivor> survivors = new ArrayList<>();
        new Kills(Path.of(arguments[0]), Long.parseLong(arguments[2]))
                .kill(Integer.parseInt(arguments[1]), survivor -> {
                    survivors.add(survivor);
                    System.out.println(survivor.row());
                });
        System.exit(
                survivors.stream().allMatch(survivor -> survivor.differences().isEmpty()) ? 0 : 1);
    }

    /** Runs, until so many drivers have been killed; {@code survivors} is told of each run that was resumed. */
    void kill(int kills, Consumer<Survivor> survivors) throws IOException, InterruptedException {
        Victim calm = new Victim(folder.resolve("calm"));
        int changes = calm.changesUntilTheEnd();
        int killed = 0;
        for (int run = 1; killed < kills; run++) {
            Victim victim = new Victim(folder.resolve("run-" + run));
            SplittableRandom random = new SplittableRandom(seed + run);
            List<String> killedIn = new ArrayList<>();
            for (int left = changes; killedIn.size() < Math.min(MOST_OF_A_RUN, kills - killed); ) {
                // Early moments are likelier, as evaluate writes most of the files.
                int moment = 1 + (int) (left * Math.pow(random.nextDouble(), 2));
                if (!victim.isKilledAfter(moment, random.nextInt(LATER_MILLISECONDS))) {
                    break;
                }
                killedIn.add(victim.job());
                left = Math.max(1, left - moment);
            }
            killed += killedIn.size();
            survivors.accept(new Survivor(victim.toString(), killedIn, victim.resumeAndCompare(calm)));
        }
    }

    /** A run in a folder of its own, with its own image embeddings. */
    private static final class Victim {
        private static final String ID = "run";
        private static final List<String> SETTINGS = List.of(
                "data.kind=digits",
                "data.digits.train=200",
                "data.digits.test=50",
                "diffusion.blocks=2",
                "training.epochs=3",
                "training.head-epochs=3",
                "training.batch-size=32",
                "training.checkpoint-every=1",
                "inference.runs=2");

        /** What changes by time alone. */
        private static final Pattern BY_TIME = Pattern.compile("driver\\.log |[/.]lock\\.");

        /**
         * What jobs write for as long as they work; a file that a kill cut off is deleted when it is old. A kill between the
         * last file of image embeddings and the release of their lock leaves the lock, which whoever writes them next
         * takes over; nobody who reads them asks for it.
         */
        private static final Pattern LEFT_BEHIND = Pattern.compile("_temporary|checkpoint-|/runs/.*/lock\\.");

        private final Path folder;

        Victim(Path folder) throws IOException {
            this.folder = Files.createDirectories(folder);
            Files.writeString(folder.resolve("small.conf"), "");
        }

        /** Runs undisturbed. */
        int changesUntilTheEnd() throws IOException, InterruptedException {
            Process driver = start();
            int changes = changes(driver, Integer.MAX_VALUE);
            if (driver.waitFor() != 0) {
                throw new IllegalStateException("A run that nobody disturbs fails: " + log());
            }
            return changes;
        }

        /** Whether it had not ended before. */
        boolean isKilledAfter(int changes, int milliseconds) throws IOException, InterruptedException {
            Process driver = start();
            changes(driver, changes);
            TimeUnit.MILLISECONDS.sleep(milliseconds);
            boolean killed = driver.isAlive();
            driver.destroyForcibly().waitFor();
            return killed;
        }

        /** Which of its jobs has not ended. */
        String job() {
            Path run = folder.resolve("runs").resolve(ID);
            if (!Files.exists(folder.resolve("embeddings/embeddings.json"))) {
                return "preprocess";
            }
            if (!Stream.of("blocks/block=01", "blocks/block=02", "head")
                    .allMatch(part -> Files.exists(run.resolve(part + "/state.json")))) {
                return "train-blocks";
            }
            return Files.exists(run.resolve("baseline/state.json")) ? "evaluate" : "train-baseline";
        }

        /** Resumes in this process, without a disturbance. */
        List<String> resumeAndCompare(Victim calm) throws IOException {
            StringWriter said = new StringWriter();
            int exit = NoProp.commandLine(Jobs::of, Sessions::open)
                    .setOut(new PrintWriter(said))
                    .setErr(new PrintWriter(said, true))
                    .execute(command());
            if (exit != 0) {
                return List.of("resuming ends with exit code " + exit + ": "
                        + said.toString().strip());
            }
            try (SparkSession session = Sessions.open("kills")) {
                List<String> found = new ArrayList<>(
                        Differences.between(session, calm.folder, folder).found());
                files().stream()
                        .filter(file -> LEFT_BEHIND.matcher(file).find())
                        .forEach(found::add);
                return found;
            }
        }

        private String[] command() {
            List<String> command = new ArrayList<>(List.of("run", "--resume", "--run-id", ID));
            command.addAll(List.of("--config", folder.resolve("small.conf").toString()));
            Stream.concat(
                            SETTINGS.stream(),
                            Stream.of("run.dir=" + folder + "/runs", "data.embeddings=" + folder + "/embeddings"))
                    .forEach(setting -> command.addAll(List.of("--set", setting)));
            return command.toArray(String[]::new);
        }

        private Process start() throws IOException {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> option.startsWith("--add-opens"))
                    .forEach(line::add);
            line.addAll(List.of(
                    "-Xmx1g",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dspark.master=local[2]",
                    "-Dspark.ui.enabled=false",
                    "-cp",
                    System.getProperty("java.class.path"),
                    NoProp.class.getName()));
            line.addAll(List.of(command()));
            return new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("driver.log").toFile()))
                    .start();
        }

        /** Changes of files that were seen until the driver ended, at most so many. */
        private int changes(Process driver, int most) throws IOException, InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            int changes = 0;
            for (List<String> last = moving(); changes < most && driver.isAlive(); ) {
                if (System.nanoTime() > end) {
                    driver.destroyForcibly();
                    throw new IllegalStateException("A run hangs: " + log());
                }
                TimeUnit.MILLISECONDS.sleep(2); // a file system tells nobody of what happens in a tree
                List<String> now = moving();
                changes += now.equals(last) ? 0 : 1;
                last = now;
            }
            return changes;
        }

        private List<String> moving() throws IOException {
            List<String> files = files();
            files.removeIf(file -> BY_TIME.matcher(file).find());
            return files;
        }

        /** Names and times of what is there; what vanishes meanwhile does not count. */
        private List<String> files() throws IOException {
            List<String> files = new ArrayList<>();
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file + " " + attributes.lastModifiedTime().toMillis());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return files;
        }

        private String log() throws IOException {
            return Files.readString(folder.resolve("driver.log"));
        }

        @Override
        public String toString() {
            return folder.getFileName().toString();
        }
    }
}

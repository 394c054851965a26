package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.noprop.config.InvalidConfigException;
import org.noprop.data.InvalidInputException;
import org.noprop.evaluation.UnmetRequirementsException;
import org.noprop.spark.MeasureJob;
import picocli.CommandLine;

class NoPropTest {
    private static final String NAME_RULE =
            " (must start with a letter or digit and go on with those, '.', '_' and '-')";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<JobContext> contexts = new ArrayList<>();
    private Job job = contexts::add;

    /** Runs the command line over {@link #job}; Spark is opened only where a test asks for it. */
    private int execute(String... arguments) {
        return commandLine(null).execute(arguments);
    }

    private CommandLine commandLine(SparkSession session) {
        return NoProp.commandLine(command -> context -> job.run(context), command -> session)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true));
    }

    private String preset(String text) throws IOException {
        return Files.writeString(folder.resolve("x.conf"), text).toString();
    }

    private String errors() {
        return err.toString().replace(folder + "/", "");
    }

    @Test
    void aJobIsGivenWhatTheCommandLineSays() throws IOException {
        String preset = preset("noprop.training.epochs = 3");
        assertThat(execute("train-blocks", "--config", preset, "--set", "run.seed=4", "--run-id=r.1", "--resume"))
                .isZero();
        JobContext context = contexts.get(0);
        assertThat(context.config().training().epochs()).isEqualTo(3);
        assertThat(context.config().run().seed()).isEqualTo(4);
        assertThat(context.overrides()).containsExactly("run.seed=4");
        assertThat(context.runId()).contains("r.1");
        assertThat(context.resume()).isTrue();
    }

    @Test
    void trainBlocksIsToldWhichBlocks() throws IOException {
        String preset = preset("");
        assertThat(execute("train-blocks", "--config", preset, "--run-id=r", "--blocks=3,head"))
                .isZero();
        assertThat(contexts.get(0).options().parts().names()).containsExactly("3", "head");
        assertThat(execute("train-blocks", "--config", preset, "--run-id=r", "--blocks=,"))
                .isEqualTo(2);
        assertThat(execute("train-blocks", "--config", preset, "--blocks=0")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        Invalid --blocks: it names no block (give their numbers, or head, such as 1,2)
                        Invalid --blocks: 0 (must be numbers of blocks, or head)
                        Give --run-id with --blocks: the run that all of its blocks are trained in
                        """);
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void withoutOptionsEveryJobStartsANewRun(Command command) throws IOException {
        assertThat(execute(command.before(new String[] {"--config", preset("")})))
                .isZero();
        assertThat(contexts.get(0).runId()).isEqualTo(Optional.empty());
        assertThat(contexts.get(0).resume()).isFalse();
        assertThat(contexts.get(0).overrides()).isEmpty();
        assertThat(errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.batchsize=3 | Unknown key noprop.training.batchsize; did you mean noprop.training.batch-size? [--set]",
                "training.epochs=many | Invalid noprop.training.epochs: many (must be a whole number) [--set]",
                "training.epochs=0    | Invalid noprop.training.epochs: 0 (must be >= 1) [--set]",
                "training.epochs      | Invalid --set training.epochs (must be key=value)",
            })
    void aWrongSettingIsASentenceAndExitCode2(String override, String sentence) throws IOException {
        assertThat(execute("run", "--config", preset(""), "--set", override)).isEqualTo(2);
        assertThat(errors()).isEqualTo(sentence + "\n");
        assertThat(contexts).isEmpty();
    }

    @Test
    void severalWrongSettingsAreNamedAtOnce() throws IOException {
        String preset = preset("noprop {\n  training.batch-size = 0\n  data.kind = minst\n}");
        assertThat(execute("preprocess", "--config", preset, "--set", "seed=1")).isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        Unknown key noprop.seed; reference.conf lists those that there are [--set]
                        Invalid noprop.data.kind: minst (must be one of digits, mnist, cifar10, cifar100, folder, parquet, embeddings) [x.conf:3]
                        Invalid noprop.training.batch-size: 0 (must be >= 2) [x.conf:2]
                        """);
    }

    @Test
    void measureTakesNumbersOfBlocks() throws IOException {
        assertThat(execute(
                        "measure",
                        "--config",
                        preset(""),
                        "--blocks",
                        "2,10,40",
                        "--batch-sizes",
                        "32,128",
                        "--variants"))
                .isZero();
        assertThat(contexts.get(0).options().measure())
                .isEqualTo(new MeasureJob.Request(List.of(2, 10, 40), List.of(32, 128), true, 3));
    }

    @Test
    void numbersOfBlocksOutOfRangeAreSentencesAndExitCode2() throws IOException {
        assertThat(execute("measure", "--config", preset(""), "--blocks=0,10,493"))
                .isEqualTo(2);
        assertThat(errors())
                .isEqualTo("Invalid --blocks: 0 (must be from 1 to 492)\nInvalid --blocks: 493 (must be from 1 to"
                        + " 492)\n");
        assertThat(contexts).isEmpty();
    }

    @Test
    void runTakesANumberOfSeedsAndEvaluateRunsToGather() throws IOException {
        assertThat(execute("run", "--config", preset(""), "--seeds", "3")).isZero();
        assertThat(contexts.get(0).options().seeds()).isEqualTo(3);
        assertThat(execute("evaluate", "--config", preset(""), "--runs", "a,b")).isZero();
        assertThat(contexts.get(1).options().runs()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seeds=0            | Invalid --seeds: 0 (must be from 1 to 100)",
                "--seeds=101          | Invalid --seeds: 101 (must be from 1 to 100)",
                "--seeds=2 --resume   | Give --run-id with --seeds and --resume: the one that the runs' ids begin with",
            })
    void seedsThatCannotBeAreASentenceAndExitCode2(String options, String sentence) throws IOException {
        List<String> line = new ArrayList<>(List.of("run", "--config", preset("")));
        line.addAll(List.of(options.split(" ")));
        assertThat(execute(line.toArray(String[]::new))).isEqualTo(2);
        assertThat(errors()).isEqualTo(sentence + "\n");
        assertThat(contexts).isEmpty();
    }

    @Test
    void aClusterThatCannotBeIsSentencesAndExitCode2() throws IOException {
        assertThat(execute("plan", "--config", preset(""), "--executors=0", "--bandwidth=0", "--contention=0.5"))
                .isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        Invalid --executors: 0 (must be from 1 to 100000)
                        Invalid --bandwidth: 0.0 (must be > 0)
                        Invalid --contention: 0.5 (must be >= 1)
                        """);
    }

    @Test
    void contentionIsEitherToldOrMeasured() throws IOException {
        assertThat(execute("plan", "--config", preset(""), "--contention=2", "--same-machine", "--seconds=0"))
                .isEqualTo(2);
        assertThat(errors())
                .isEqualTo(
                        """
                        Invalid --seconds: 0.0 (must be in (0, 600])
                        Invalid --contention: 2.0 (must not be given with --same-machine, which measures it)
                        """);
    }

    @Test
    void noSparkIsOpenedForAJobThatDoesNotAskForIt() throws IOException {
        CommandLine line = NoProp.commandLine(command -> contexts::add, command -> {
            throw new IllegalStateException("opened");
        });
        assertThat(line.execute("measure", "--config", preset(""))).isZero();
        assertThat(contexts).hasSize(1);
    }

    @Test
    void predictNeedsAModelNotAConfiguration() {
        assertThat(execute("predict", "--model", "m", "--input", "i", "--output", "o", "--runs=-1", "--max-damaged=2"))
                .isEqualTo(2);
        assertThat(errors())
                .isEqualTo("Invalid --runs: -1 (must be >= 0)\nInvalid --max-damaged: 2.0 (must be from 0 to 1)\n");
        assertThat(contexts).isEmpty();
    }

    @Test
    void aMissingPresetIsASentenceAndExitCode2() {
        assertThat(execute("evaluate", "--config", folder.resolve("no.conf").toString()))
                .isEqualTo(2);
        assertThat(errors())
                .isEqualTo("Cannot read no.conf: there is no such file (--config takes a preset such as"
                        + " conf/quickstart.conf)\n");
    }

    @ParameterizedTest
    @CsvSource({"a/b", "../x", "''", "-x", "a b"})
    void aRunIdThatIsNoFileNameIsRefused(String id) throws IOException {
        assertThat(execute("evaluate", "--config", preset(""), "--run-id=" + id))
                .isEqualTo(2);
        assertThat(errors()).isEqualTo("Invalid --run-id: " + id + NAME_RULE + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run                  | Missing required option: '--config=FILE' (see noprop run --help)",
                "run --config         | Missing required parameter for option '--config' (FILE) (see noprop run --help)",
                "run --config x --fix | Unknown option: '--fix' (see noprop run --help)",
                "evaluat              | Unmatched argument at index 0: 'evaluat'; did you mean evaluate? (see noprop --help)",
                "''                   | Give a command (see noprop --help)",
            })
    void aWrongCommandLineIsASentenceAndExitCode2(String line, String sentence) {
        assertThat(execute(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(errors()).isEqualTo(sentence + "\n");
    }

    @Test
    void anInputThatCannotBeUsedIsASentenceAndExitCode2() throws IOException {
        job = context -> {
            throw new IllegalStateException("task failed", new InvalidInputException("Cannot read x: it is empty"));
        };
        assertThat(execute("preprocess", "--config", preset(""))).isEqualTo(2);
        assertThat(errors()).isEqualTo("Cannot read x: it is empty\n");
    }

    @Test
    void settingsThatAJobCannotMeetAreSentencesAndExitCode2() throws IOException {
        job = context -> {
            throw new InvalidConfigException(List.of("One.", "Two."));
        };
        assertThat(execute("preprocess", "--config", preset(""))).isEqualTo(2);
        assertThat(errors()).isEqualTo("One.\nTwo.\n");
    }

    @Test
    void anEvaluationThatMissesWhatIsRequiredIsASentenceAndExitCode3() throws IOException {
        job = context -> {
            throw new UnmetRequirementsException("Not met.");
        };
        assertThat(execute("run", "--config", preset(""))).isEqualTo(3);
        assertThat(errors()).isEqualTo("Not met.\n");
    }

    @Test
    void anythingUnexpectedIsExitCode1() throws IOException {
        job = context -> {
            throw new IllegalStateException("a fault of ours, which this test provokes");
        };
        assertThat(execute("preprocess", "--config", preset(""))).isEqualTo(1);
    }

    @Test
    void sparkIsClosedWhateverHappens() throws IOException {
        SparkSession session = SparkSession.builder()
                .config(Sessions.withDefaults(new SparkConf().setMaster("local[1]"), "run"))
                .getOrCreate();
        job = context -> {
            assertThat(context.session().range(3).count()).isEqualTo(3);
            throw new InvalidInputException("Cannot go on");
        };
        assertThat(commandLine(session).execute("run", "--config", preset(""))).isEqualTo(2);
        assertThat(session.sparkContext().isStopped()).isTrue();
    }

    @Test
    void theConfigurationInForceIsPrintedAsAPreset() throws IOException {
        assertThat(execute("run", "--config", preset(""), "--set", "training.epochs=77", "--print-config"))
                .isZero();
        assertThat(out.toString()).startsWith("noprop {\n").contains("        epochs=77\n");
        assertThat(contexts).isEmpty();
    }

    @Test
    void theVersionNamesWhatItIsBuiltFrom() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString().lines())
                .hasSize(5)
                .anySatisfy(
                        line -> assertThat(line).matches("noprop \\S+ \\(commit (unknown|[0-9a-f]{7,40}(-dirty)?)\\)"))
                .anySatisfy(line -> assertThat(line).matches("Spark 3\\.5\\.\\d, DL4J and ND4J 1\\.0\\.0-M2\\.1"))
                .anySatisfy(line -> assertThat(line).startsWith("Natives: "))
                .anySatisfy(line -> assertThat(line).startsWith("CUDA: "));
        assertThat(Versions.build()).containsOnlyKeys("noprop", "commit", "spark", "nd4j", "backend", "natives");
    }

    @Test
    void theHelpNamesEveryCommand() {
        assertThat(execute("--help")).isZero();
        for (Command command : Command.values()) {
            assertThat(out.toString()).contains("  " + command.commandName() + " ");
        }
        assertThat(out.toString()).contains("  predict ", "  compare ");
    }
}

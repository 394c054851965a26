package org.noprop.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.noprop.data.RunFolder;

/**
 * What a training job did.
 *
 * @param command the job's name
 * @param subjects how many blocks, heads and baselines the job is about
 * @param trained the outcome of each task; what is not among their subjects was there
 * @param exchanged bytes that left the tasks of each group and round, by its job description
 * @param slots tasks that can run at the same time
 * @param seconds wall-clock of the job, without Spark's start
 */
public record TrainingSummary(
        String command,
        int subjects,
        List<TaskOutcome> trained,
        Map<String, Exchange> exchanged,
        int slots,
        double seconds) {
    private static final double MB = 1e6;
    private static final String JSON = ".json";

    /** Copies the map, sorted by name. */
    public TrainingSummary {
        exchanged = new TreeMap<>(exchanged);
    }

    /** One line for the user. */
    public String sentence() {
        long done = trained.stream().map(TaskOutcome::subject).distinct().count();
        String before = done == subjects ? "" : ", " + (subjects - done) + " kept";
        return String.format(Locale.ROOT, "%s: %d trained%s in %.1f s%s", command, done, before, seconds, averaging());
    }

    /** What dl4j-spark exchanged, where it trained. */
    private String averaging() {
        return trained.stream()
                .map(TaskOutcome::figures)
                .filter(figures -> figures.containsKey(AveragedTraining.ROUNDS))
                .map(figures -> String.format(
                        Locale.ROOT,
                        "; dl4j-spark averaged %.0f times, with %.1f MB to workers and %.1f MB back",
                        figures.get(AveragedTraining.ROUNDS),
                        figures.get(AveragedTraining.BYTES_TO_WORKERS) / MB,
                        figures.get(AveragedTraining.BYTES_FROM_WORKERS) / MB))
                .findFirst()
                .orElse("");
    }

    /** All that was exchanged. */
    Exchange exchangedTogether() {
        return exchanged.values().stream().reduce(Exchange.NONE, Exchange::plus);
    }

    /** Where summaries of a command are: of what it trained together, and of the parts that were trained apart. */
    static List<String> files(RunFolder run, String command) {
        String whole = "profile/" + command;
        Stream<String> together = Stream.of(whole + JSON).filter(run::has);
        return Stream.concat(together, run.list(whole).stream().map(name -> whole + "/" + name))
                .toList();
    }

    /** Writes the timing and memory of every task to {@code profile/COMMAND.json}. */
    void writeTo(RunFolder run) {
        write(run, "profile/" + command + JSON);
    }

    /** Writes them to {@code profile/COMMAND/PARTS.json}, where others write those of other parts. */
    void writeTo(RunFolder run, List<String> parts) {
        write(run, "profile/" + command + "/" + String.join("-", parts) + JSON);
    }

    private void write(RunFolder run, String file) {
        try {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            run.writeText(file, mapper.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of numbers and texts always have a JSON form", e);
        }
    }
}

package org.noprop.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Locale;
import org.noprop.data.RunFolder;

/**
 * What a training job did.
 *
 * @param command the job's name
 * @param subjects how many blocks, heads and baselines the job is about
 * @param trained the outcome of each that it trained; the others were there
 * @param seconds wall-clock of the job, without Spark's start
 */
public record TrainingSummary(String command, int subjects, List<TaskOutcome> trained, double seconds) {

    /** One line for the user. */
    public String sentence() {
        int kept = subjects - trained.size();
        String before = kept == 0 ? "" : ", " + kept + " kept";
        return String.format(Locale.ROOT, "%s: %d trained%s in %.1f s", command, trained.size(), before, seconds);
    }

    /** Writes the timing and memory of every task to {@code profile/COMMAND.json}. */
    void writeTo(RunFolder run) {
        try {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            run.writeText("profile/" + command + ".json", mapper.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of numbers and texts always have a JSON form", e);
        }
    }
}

package org.noprop.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run is: the content of its {@code run.json}.
 *
 * @param id the run's name
 * @param configuration name of the configuration that it follows
 * @param settings hash of that configuration's settings, in hexadecimal
 * @param seed what every random draw of the run is a function of
 * @param data fingerprint of the embeddings that it is trained on
 * @param status how far it is
 * @param started when it was created
 * @param updated when this record was last written
 * @param environment where it runs, by name: backend, host, versions, git commit where known
 */
public record RunRecord(
        String id,
        String configuration,
        String settings,
        long seed,
        String data,
        Status status,
        Instant started,
        Instant updated,
        Map<String, String> environment) {

    /** How far a run is. */
    public enum Status {
        /** A job of it is running, or has ended without saying so. */
        @JsonProperty("running")
        RUNNING,
        /** Its last job ended well. */
        @JsonProperty("finished")
        FINISHED,
        /** Its last job ended with an error. */
        @JsonProperty("failed")
        FAILED
    }

    /** Copies its map, sorted by name. */
    public RunRecord {
        environment = new TreeMap<>(environment);
    }

    /** The same run, further on. */
    public RunRecord with(Status newStatus, Instant now) {
        return new RunRecord(id, configuration, settings, seed, data, newStatus, started, now, environment);
    }
}

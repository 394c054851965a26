package org.noprop.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What training one subject took above an idle process that holds the rows already.
 *
 * @param nativeBytes peak outside the Java heap
 * @param heapBytes on the Java heap after a collection
 * @param dataBytes of the rows, which are not part of the two
 * @param accounted bytes by what they hold, as the program itself counts them
 */
@JsonIgnoreProperties(value = "accounted-share", allowGetters = true)
public record SubjectMemory(long nativeBytes, long heapBytes, long dataBytes, Map<String, Long> accounted) {
    /** Copies the map, in its order. */
    public SubjectMemory {
        accounted = Collections.unmodifiableMap(new LinkedHashMap<>(accounted));
    }

    /** All that was measured. */
    public long measuredBytes() {
        return nativeBytes + heapBytes;
    }

    /** All that is accounted for. */
    public long accountedBytes() {
        return accounted.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How much of what was measured the account explains; 1 is all of it. */
    @JsonProperty
    public double accountedShare() {
        return (double) accountedBytes() / measuredBytes();
    }
}

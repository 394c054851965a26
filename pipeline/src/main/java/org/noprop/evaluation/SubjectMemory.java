package org.noprop.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What training one subject took above an idle process that holds the rows already, the mean over processes.
 *
 * @param nativeBytes peak outside the Java heap
 * @param heapBytes on the Java heap after a collection
 * @param deviceBytes peak on the GPU, by its driver's count; 0 where cores compute
 * @param dataBytes of the rows, which are not part of these
 * @param accounted bytes by what they hold, as the program itself counts them
 * @param runs all that was measured in each process
 */
@JsonIgnoreProperties(
        value = {"accounted-share", "deviation"},
        allowGetters = true)
public record SubjectMemory(
        long nativeBytes,
        long heapBytes,
        long deviceBytes,
        long dataBytes,
        Map<String, Long> accounted,
        List<Long> runs) {
    /** Copies the map, in its order, and the list; figures of an earlier version are of one process. */
    public SubjectMemory {
        accounted = Collections.unmodifiableMap(new LinkedHashMap<>(accounted));
        runs = runs == null ? List.of(together(nativeBytes, heapBytes, deviceBytes)) : List.copyOf(runs);
    }

    /** Of one process. */
    public static SubjectMemory of(
            long nativeBytes, long heapBytes, long deviceBytes, long dataBytes, Map<String, Long> accounted) {
        List<Long> one = List.of(together(nativeBytes, heapBytes, deviceBytes));
        return new SubjectMemory(nativeBytes, heapBytes, deviceBytes, dataBytes, accounted, one);
    }

    /** Of one process that computes on cores. */
    public static SubjectMemory of(long nativeBytes, long heapBytes, long dataBytes, Map<String, Long> accounted) {
        return of(nativeBytes, heapBytes, 0, dataBytes, accounted);
    }

    /** The mean over measurements of one process each, at least one, which account for the same. */
    public static SubjectMemory mean(List<SubjectMemory> processes) {
        return new SubjectMemory(
                mean(processes, SubjectMemory::nativeBytes),
                mean(processes, SubjectMemory::heapBytes),
                mean(processes, SubjectMemory::deviceBytes),
                processes.get(0).dataBytes(),
                processes.get(0).accounted(),
                processes.stream().map(SubjectMemory::measuredBytes).toList());
    }

    private static long mean(List<SubjectMemory> processes, ToLongFunction<SubjectMemory> bytes) {
        return Math.round(processes.stream().mapToLong(bytes).average().orElseThrow());
    }

    /** On a GPU the memory of that, elsewhere native memory and heap. */
    private static long together(long nativeBytes, long heapBytes, long deviceBytes) {
        return deviceBytes > 0 ? deviceBytes : nativeBytes + heapBytes;
    }

    /** All that was measured: on a GPU the memory of that, elsewhere native memory and heap. */
    public long measuredBytes() {
        return together(nativeBytes, heapBytes, deviceBytes);
    }

    /** The standard deviation over processes, in bytes; 0 of one. */
    @JsonProperty
    public double deviation() {
        if (runs.size() == 1) {
            return 0;
        }
        double mean = runs.stream().mapToLong(Long::longValue).average().orElseThrow();
        double squares =
                runs.stream().mapToDouble(run -> (run - mean) * (run - mean)).sum();
        return Math.sqrt(squares / (runs.size() - 1));
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

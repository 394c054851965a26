package org.noprop.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * An epoch of a block, the head or the baseline has ended: an event for Spark's listeners, which Spark keeps in its
 * event log.
 *
 * @param run the run's id
 * @param subject what is trained, for example "block 3"
 * @param epoch 1 … epochs
 * @param epochs how many there will be
 * @param seconds wall-clock of the epoch's steps
 * @param figures the loss and the validation figures, by name
 */
public record EpochEnded(String run, String subject, int epoch, int epochs, double seconds, Map<String, Double> figures)
        implements SparkListenerEvent {

    /** Copies the figures. */
    public EpochEnded {
        figures = new TreeMap<>(figures);
    }
}

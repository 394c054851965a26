package org.noprop.spark;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.noprop.config.ResourcesConfig;
import org.noprop.data.InvalidInputException;

/**
 * Ends training that does not get on: no task finds room, because executors are gone or have not what tasks ask
 * for; or tasks are at work and finish no epoch.
 */
final class StallWatch {
    private final TrainingEvents events;
    private final ResourcesConfig resources;
    private final IntSupplier epochs;
    private final Supplier<String> supply;
    private final LongSupplier nanoClock;
    private long lastProgress;
    private int epochsSeen;
    private int startedSeen;
    private boolean worked;

    /**
     * A watch that starts now.
     *
     * @param events what Spark tells
     * @param resources the time-outs
     * @param epochs a number that changes when epochs are trained
     * @param supply what tasks ask for and what is there, for the message
     * @param nanoClock as System::nanoTime
     */
    StallWatch(
            TrainingEvents events,
            ResourcesConfig resources,
            IntSupplier epochs,
            Supplier<String> supply,
            LongSupplier nanoClock) {
        this.events = events;
        this.resources = resources;
        this.epochs = epochs;
        this.supply = supply;
        this.nanoClock = nanoClock;
        this.lastProgress = nanoClock.getAsLong();
    }

    /**
     * Looks, often.
     *
     * @throws InvalidInputException in one sentence, if a time-out has passed
     */
    void look() {
        long now = nanoClock.getAsLong();
        boolean working = !events.waiting();
        if (working != worked || epochs.getAsInt() != epochsSeen || events.started() != startedSeen) {
            lastProgress = now;
        }
        worked = working;
        epochsSeen = epochs.getAsInt();
        startedSeen = events.started();
        Duration waited = Duration.ofNanos(now - lastProgress);
        if (!working && waited.compareTo(resources.startTimeout()) > 0) {
            throw new InvalidInputException("No task found room within " + text(resources.startTimeout()) + ": "
                    + supply.get() + "; give Spark more, or raise noprop.resources.start-timeout");
        }
        if (working && waited.compareTo(resources.stallTimeout()) > 0) {
            throw new InvalidInputException("No epoch was finished and no task started within "
                    + text(resources.stallTimeout()) + ": " + events.running() + " tasks are at work; " + supply.get()
                    + "; see what holds them up, or raise noprop.resources.stall-timeout above the time of an epoch");
        }
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }
}

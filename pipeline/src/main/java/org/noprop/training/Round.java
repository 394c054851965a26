package org.noprop.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive epochs of one learner that end in a valid checkpoint, or in the finished artifact. What is
 * exchanged between partition group members, or between groups, is exchanged between rounds.
 *
 * @param number 1 … rounds
 * @param rounds how many there are
 * @param after epochs done before it; its own are after+1 … to
 * @param to its last epoch
 */
public record Round(int number, int rounds, int after, int to) implements Serializable {

    /** All epochs in one round: nothing is exchanged. */
    public static Round whole(int epochs) {
        return new Round(1, 1, 0, epochs);
    }

    /**
     * All epochs in rounds of equal length, the last one as long as what is left.
     *
     * @param epochs in all, at least 1
     * @param every epochs of a round, at least 1
     */
    public static List<Round> each(int epochs, int every) {
        int rounds = (epochs + every - 1) / every;
        List<Round> all = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            all.add(new Round(number, rounds, (number - 1) * every, Math.min(epochs, number * every)));
        }
        return List.copyOf(all);
    }

    /** Whether training ends with it. */
    public boolean isLast() {
        return number == rounds;
    }

    /** "round 2/5"; empty where one round is all. */
    public String label() {
        return rounds == 1 ? "" : "round " + number + "/" + rounds;
    }
}

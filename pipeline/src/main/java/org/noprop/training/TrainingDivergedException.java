package org.noprop.training;

/** Training gave a loss that is no number. */
public final class TrainingDivergedException extends RuntimeException {
    /** Names what diverged and when. */
    public TrainingDivergedException(String name, int epoch, String loss) {
        super("Training of " + name + " diverged: its " + loss + " is no finite number in epoch " + epoch
                + "; lower noprop.training.learning-rate");
    }
}

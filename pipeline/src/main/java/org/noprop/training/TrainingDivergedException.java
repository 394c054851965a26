package org.noprop.training;

/** Training gave a loss, or another figure, that is no finite number. */
public final class TrainingDivergedException extends RuntimeException {
    /** Names what diverged and when. */
    public TrainingDivergedException(String name, int epoch, String loss) {
        super("Training of " + name + " diverged: its " + loss + " is no finite number in epoch " + epoch
                + "; lower noprop.training.learning-rate");
    }

    /** Refuses a figure that is no finite number. */
    static void requireFinite(double figure, String name, int epoch, String what) {
        if (!Double.isFinite(figure)) {
            throw new TrainingDivergedException(name, epoch, what);
        }
    }
}

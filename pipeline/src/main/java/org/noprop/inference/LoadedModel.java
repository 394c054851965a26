package org.noprop.inference;

/**
 * A model whose blocks are in memory until it is closed. It belongs to one thread. What it says of a row does not depend on
 * the rows beside it, to the bit.
 */
public final class LoadedModel implements AutoCloseable {
    /** Rows of a pass through a block: few, as a single row takes one whole pass. */
    private static final int PASS = 64;

    private final ModelSettings settings;
    private final Predictor predictor;
    private final Shelf shelf;

    LoadedModel(ModelParts parts, ModelSettings settings) {
        this.settings = settings;
        this.shelf = Shelf.empty();
        this.predictor = RunModels.assembled(parts, settings, shelf);
    }

    /** How many classes it tells apart. */
    public int classes() {
        return predictor.classes();
    }

    /**
     * Predicts as the model's settings say.
     *
     * @param images at least one
     * @throws org.noprop.data.InvalidInputException if the images are not of the width that it was trained on
     */
    public Predictions predict(ImageRows images) {
        return predict(images, settings.inference().runs());
    }

    /**
     * Predicts by so many noisy runs, or without noise by none.
     *
     * @param images at least one
     * @param runs at least 0
     * @throws org.noprop.data.InvalidInputException if the images are not of the width that it was trained on
     */
    public Predictions predict(ImageRows images, int runs) {
        ImageRows padded = new PaddedRows(images, PASS);
        Predictions predictions = runs == 0
                ? Predictions.certain(predictor.predictWithoutNoise(padded, PASS))
                : Predictions.of(predictor.runs(
                        padded,
                        new InferenceSettings(
                                settings.inference().seed(),
                                settings.inference().noise(),
                                runs,
                                PASS)));
        return predictions.first(images.rows());
    }

    @Override
    public void close() {
        shelf.close();
    }
}

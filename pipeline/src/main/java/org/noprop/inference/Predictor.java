package org.noprop.inference;

import java.util.List;
import org.noprop.data.InvalidInputException;

/** A trained model of one of NoProp's methods. None of its methods takes a label. */
public sealed interface Predictor permits NoPropModel, TimeModel {

    /** m. */
    int classes();

    /**
     * Class probabilities of each noisy run.
     *
     * @throws InvalidInputException if the images are not of the width that a block was trained on
     */
    List<ClassProbabilities> runs(ImageRows images, InferenceSettings settings);

    /**
     * Class probabilities, the mean over the noisy runs.
     *
     * @throws InvalidInputException as {@link #runs}
     */
    default ClassProbabilities predict(ImageRows images, InferenceSettings settings) {
        return ClassProbabilities.mean(runs(images, settings));
    }

    /**
     * Class probabilities of the run without noise, which depend on nothing but the image.
     *
     * @param batchSize images of a pass through a block, at least 1
     * @throws InvalidInputException as {@link #runs}
     */
    ClassProbabilities predictWithoutNoise(ImageRows images, int batchSize);

    /**
     * The noisy runs, the run without noise, each block alone and chains of fewer blocks, in one pass through the blocks.
     *
     * @throws InvalidInputException if the images are not of the width that a block was trained on
     */
    ChainTrace trace(ImageRows images, InferenceSettings settings);
}

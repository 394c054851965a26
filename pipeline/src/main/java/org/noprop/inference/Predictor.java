package org.noprop.inference;

import org.noprop.data.InvalidInputException;

/** A trained model of one of NoProp's methods. None of its methods takes a label. */
public sealed interface Predictor permits NoPropModel, TimeModel {

    /**
     * The noisy runs, the run without noise, each block alone and chains of fewer blocks, in one pass through the blocks.
     *
     * @throws InvalidInputException if the images are not of the width that a block was trained on
     */
    ChainTrace trace(ImageRows images, InferenceSettings settings);
}

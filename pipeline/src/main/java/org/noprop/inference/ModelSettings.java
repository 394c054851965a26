package org.noprop.inference;

import java.io.Serializable;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;

/**
 * What a trained model is, beside its weights, and how it predicts unless told otherwise.
 *
 * @param method how its blocks were trained, and with which noise
 * @param labels the label embedding; where it started, if it was trained
 * @param head which head it has
 * @param image what blocks do with an image
 * @param time how to go through continuous time; without effect in discrete time
 * @param inference runs, seed and batch size
 */
public record ModelSettings(
        Method method,
        LabelEmbedding labels,
        HeadSettings head,
        ImagePart image,
        TimeSettings time,
        InferenceSettings inference)
        implements Serializable {}

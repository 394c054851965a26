package org.noprop.spark;

import org.noprop.config.PatchesConfig;
import org.noprop.config.PatchesConfig.Dictionary;
import org.noprop.embedding.Encoding;
import org.noprop.embedding.NearestEncoding;
import org.noprop.embedding.PatchDescription;
import org.noprop.embedding.PatchFit;
import org.noprop.embedding.PatchSettings;
import org.noprop.embedding.ThresholdEncoding;
import org.noprop.tensor.ImageShape;

/** Turns the configuration of a patch embedder into what it does and how it is fitted. */
final class PatchConfigs {
    private PatchConfigs() {}

    /**
     * What is asked for, for images of a size.
     *
     * @throws IllegalArgumentException if patches or cells do not fit the images
     */
    static PatchDescription description(PatchesConfig config, ImageShape images) {
        PatchSettings settings = new PatchSettings(
                config.size(),
                config.stride(),
                config.contrast(),
                config.unitLength(),
                encoding(config),
                config.pooling(),
                config.squareRoot(),
                config.mirror());
        PatchFit fit = new PatchFit(
                config.sample(),
                config.whitening(),
                config.count(),
                config.dictionary() == Dictionary.K_MEANS ? config.kMeansRounds() : 0,
                config.rows(),
                config.reduction().orElse(0),
                config.regulariser(),
                config.seed());
        return PatchDescription.of(images.height(), images.width(), images.channels(), settings, fit);
    }

    private static Encoding encoding(PatchesConfig config) {
        return switch (config.encoding()) {
            case THRESHOLD -> new ThresholdEncoding((float) config.threshold());
            case NEAREST -> new NearestEncoding((int) Math.max(1, Math.round(config.neighbours() * config.count())));
        };
    }
}

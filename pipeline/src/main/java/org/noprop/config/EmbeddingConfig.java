package org.noprop.config;

import java.util.Map;

/**
 * How an image becomes a vector.
 *
 * @param kind the embedder
 * @param patches how, where kind is patches
 * @param augmentation changed copies of training images that are embedded as well
 */
public record EmbeddingConfig(Kind kind, PatchesConfig patches, AugmentationConfig augmentation) {
    /** The embedders. */
    public enum Kind {
        /** Pixels in [0, 1], standardised per channel over the training split. */
        PIXELS,
        /** Whitened patches, compared with a dictionary, encoded and pooled. */
        PATCHES
    }

    static EmbeddingConfig read(Settings settings) {
        return new EmbeddingConfig(
                settings.choice("kind", Kind.class),
                PatchesConfig.read(settings.section("patches")),
                AugmentationConfig.read(settings.section("augmentation")));
    }

    Map<String, Object> settings() {
        return Map.of(
                "kind", Settings.kebab(kind), "patches", patches.settings(), "augmentation", augmentation.settings());
    }
}

package org.noprop.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The block network.
 *
 * @param kind which network
 * @param width features of the image part of dense blocks, at least 2
 * @param initialisation of dense blocks
 * @param channels of each convolution's output, for convolutional blocks
 * @param dropout probability that a value after a convolution is dropped in training
 */
public record NetworkConfig(
        Kind kind, int width, Initialisation initialisation, List<Integer> channels, double dropout) {
    /** Block networks. */
    public enum Kind {
        /** The image part is a dense layer over a fixed image embedding. */
        DENSE,
        /** The image part is the paper's: convolutions over pixels, then a dense layer. */
        CONVOLUTIONAL
    }

    /** What the initial weights of a layer are drawn from. */
    public enum Initialisation {
        /** Uniform in ±1/√inputs. */
        FAN_IN,
        /** Uniform in ±√(6/(inputs + outputs)), biases 0. */
        GLOROT
    }

    static NetworkConfig read(Settings settings, EmbeddingConfig images) {
        Kind kind = settings.choice("kind", Kind.class);
        if (kind == Kind.CONVOLUTIONAL && images.kind() == EmbeddingConfig.Kind.PATCHES) {
            settings.invalid("kind", "must be dense with noprop.embedding.kind = patches, which gives no images");
        }
        return new NetworkConfig(
                kind,
                settings.wholeNumber("width", Range.atLeast(2)),
                settings.choice("initialisation", Initialisation.class),
                settings.wholeNumbers("channels", Range.atLeast(1)),
                settings.number("dropout", Range.halfOpen(0, 1)));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("kind", Settings.kebab(kind));
        settings.put("width", width);
        settings.put("initialisation", Settings.kebab(initialisation));
        settings.put("channels", channels);
        settings.put("dropout", dropout);
        return settings;
    }
}

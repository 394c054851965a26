package org.noprop.config;

import java.util.Map;

/**
 * How classes become vectors, and vectors classes.
 *
 * @param embedding the label embedding
 * @param head the head
 */
public record LabelConfig(Embedding embedding, Head head) {
    /** Label embeddings. */
    public enum Embedding {
        /** W_Embed = I, fixed. */
        ONE_HOT
    }

    /** Heads. */
    public enum Head {
        /** Softmax of a linear layer (Equation 14). */
        LINEAR
    }

    static LabelConfig read(Settings settings) {
        return new LabelConfig(settings.choice("embedding", Embedding.class), settings.choice("head", Head.class));
    }

    Map<String, Object> settings() {
        return Map.of("embedding", Settings.kebab(embedding), "head", Settings.kebab(head));
    }
}

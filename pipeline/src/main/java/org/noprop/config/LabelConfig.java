package org.noprop.config;

import java.util.Map;
import org.noprop.config.DiffusionConfig.Method;

/**
 * How classes become vectors, and vectors classes.
 *
 * @param embedding the label embedding
 * @param width d of learned label embeddings, at least 1; one-hot ones have as many components as there are
 *     classes, prototypes as many as an image
 * @param head the head
 * @param posteriorSigma σ of the posterior head (Equation 16), positive
 */
public record LabelConfig(Embedding embedding, int width, Head head, double posteriorSigma) {
    /** Label embeddings. */
    public enum Embedding {
        /** W_Embed = I, fixed. */
        ONE_HOT,
        /** W_Embed starts orthogonal, or random where it cannot, and is trained. */
        LEARNED,
        /** W_Embed starts from an image of each class and is trained; z is treated as an image. */
        PROTOTYPE;

        /** Whether W_Embed is trained, so that blocks share it. */
        public boolean isTrained() {
            return this != ONE_HOT;
        }
    }

    /** Heads. */
    public enum Head {
        /** Softmax of a linear layer (Equation 14). */
        LINEAR,
        /** The posterior of the class given a convex combination of label embeddings (Equations 15 and 16). */
        POSTERIOR
    }

    static LabelConfig read(Settings settings, Method method, EmbeddingConfig images) {
        Embedding embedding = settings.choice("embedding", Embedding.class);
        if (embedding == Embedding.PROTOTYPE && images.kind() == EmbeddingConfig.Kind.PATCHES) {
            settings.invalid(
                    "embedding",
                    "must be one-hot or learned with noprop.embedding.kind = patches, which gives no images");
        }
        Head head = settings.choice("head", Head.class);
        if (method == Method.FM && embedding == Embedding.ONE_HOT && head == Head.POSTERIOR) {
            settings.invalid(
                    "head",
                    "must be linear with noprop.diffusion.method = fm and one-hot label embeddings, which have no"
                            + " head to train");
        }
        return new LabelConfig(
                embedding,
                settings.wholeNumber("width", Range.atLeast(1)),
                head,
                settings.number("posterior-sigma", Range.above(0)));
    }

    Map<String, Object> settings() {
        return Map.of(
                "embedding",
                Settings.kebab(embedding),
                "width",
                width,
                "head",
                Settings.kebab(head),
                "posterior-sigma",
                posteriorSigma);
    }
}

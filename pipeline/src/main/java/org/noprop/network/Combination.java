package org.noprop.network;

import org.noprop.tensor.Scratch;

/**
 * û = softmax(logits) · W_Embed at the end of a network: the softmax itself for one-hot label embeddings, otherwise a
 * softmax and a product of matrices.
 */
final class Combination {
    private final SoftmaxUnit softmax;
    private final Unit output;

    /** Adds a combination to a graph, after the unit {@code logits}. */
    Combination(Graph.Builder graph, String prefix, LabelMatrix labels, String logits) {
        Scratch scratch = graph.scratch();
        String name = prefix + "estimate";
        int classes = labels.classes();
        if (labels.isIdentity()) {
            softmax = graph.add(new SoftmaxUnit(scratch, name, classes), logits);
            output = softmax;
        } else {
            softmax = graph.add(new SoftmaxUnit(scratch, prefix + "probabilities", classes), logits);
            output = graph.add(new EmbeddingProduct(scratch, name, labels), softmax.name());
        }
    }

    /** The unit whose output is û. */
    Unit output() {
        return output;
    }

    /** The softmax of the last forward pass, rows × classes; the array itself. */
    double[] probabilities() {
        return softmax.probabilities();
    }
}

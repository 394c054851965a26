package org.noprop.network;

import org.nd4j.linalg.api.ndarray.INDArray;

/** û = softmax(logits) · W_Embed at the end of a network. */
interface Combination {

    /** The unit whose output is û. */
    Unit output();

    /** û in inference mode. */
    INDArray forward(INDArray logits);

    /** The softmax of the last forward pass, rows × classes; the array itself. */
    double[] probabilities();

    /**
     * Adds a combination to a graph, after the unit {@code logits}: the softmax itself for one-hot label embeddings,
     * otherwise a softmax and a product of matrices.
     */
    static Combination add(UnitGraph.Builder graph, String prefix, LabelMatrix labels, String logits) {
        String estimate = prefix + "estimate";
        if (labels.isIdentity()) {
            return new OfOneHot(graph.add(new SoftmaxUnit(graph.scratch(), estimate, labels.classes()), logits));
        }
        SoftmaxUnit softmax =
                graph.add(new SoftmaxUnit(graph.scratch(), prefix + "probabilities", labels.classes()), logits);
        return new OfMatrices(
                softmax, graph.add(new EmbeddingProduct(graph.scratch(), estimate, labels), softmax.name()));
    }

    /** The softmax. */
    record OfOneHot(SoftmaxUnit output) implements Combination {
        @Override
        public INDArray forward(INDArray logits) {
            return output.forward(false, logits);
        }

        @Override
        public double[] probabilities() {
            return output.probabilities();
        }
    }

    /** Two units. */
    record OfMatrices(SoftmaxUnit softmax, EmbeddingProduct output) implements Combination {
        @Override
        public INDArray forward(INDArray logits) {
            return output.forward(false, softmax.forward(false, logits));
        }

        @Override
        public double[] probabilities() {
            return softmax.probabilities();
        }
    }
}

package org.noprop.network;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.tensor.Product;
import org.noprop.tensor.Scratch;

/** y = x · W_Embed: label embeddings in the proportions of x, one for each class. One-hot, that is x. */
final class EmbeddingProduct extends RowsUnit {
    private final LabelMatrix labels;
    private final Product product = Product.forward();
    private final Product weightGradient = Product.addWeightGradient();
    private final Product inputProduct = Product.inputGradient();
    private INDArray input;

    /** A product with these label embeddings, which get their share of the gradient if they are trained. */
    EmbeddingProduct(Scratch scratch, String name, LabelMatrix labels) {
        super(scratch, name, List.of(), labels.classes(), labels.width());
        this.labels = labels;
    }

    @Override
    INDArray forward(boolean training, INDArray... in) {
        input = in[0];
        INDArray y = output().matrix(input.rows());
        if (labels.isIdentity()) {
            return y.assign(input);
        }
        product.multiply(input, labels.matrix(), y);
        return y;
    }

    @Override
    INDArray[] backward(INDArray outputGradient) {
        if (labels.trainable()) {
            weightGradient.multiply(input, outputGradient, labels.gradient());
        }
        INDArray propagated = inputGradient().matrix(outputGradient.rows());
        if (labels.isIdentity()) {
            return new INDArray[] {propagated.assign(outputGradient)};
        }
        inputProduct.multiply(outputGradient, labels.matrix(), propagated);
        return new INDArray[] {propagated};
    }
}

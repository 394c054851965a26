package org.noprop.network;

import org.noprop.label.ClassReader;
import org.noprop.label.NearestEmbedding;

/** Reads the class of the nearest label embedding, as label embeddings are when it is used. */
record FlowReader(LabelMatrix labels) implements ClassReader {
    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public int labelWidth() {
        return labels.width();
    }

    @Override
    public void probabilities(int rows, float[] noisedLabels, float[] probabilities) {
        new NearestEmbedding(labels.toEmbedding()).probabilities(rows, noisedLabels, probabilities);
    }
}

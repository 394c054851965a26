package org.noprop.network;

import java.util.Locale;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.noprop.label.LabelEmbedding;

/** Joins T blocks, their mixes and the head to the graph of the baseline (Equations 17-19). */
final class BaselineUnits {
    /**
     * How sharply the head reads label embeddings to start with. The paper does not say how its weights start;
     * drawn at random and small, they grow by a learning rate a step, and the baseline, whose z_T never exceeds
     * a label embedding's length, takes many times as many steps to the same accuracy.
     */
    private static final double HEAD_SCALE = 8;

    private BaselineUnits() {}

    /**
     * The graph, whose output is the head's logits. Its inputs: {@link #inputs}.
     *
     * @param blocks T
     */
    static UnitGraph graph(DataType type, int blocks, ImagePart image, LabelMatrix labels, SplittableRandom random) {
        UnitGraph.Builder builder = new UnitGraph.Builder(type, image.initialisation());
        String state = builder.input("z0");
        String mixedState = builder.input("z0.mixed");
        for (int t = 1; t <= blocks; t++) {
            String prefix = String.format(Locale.ROOT, "block%02d.", t);
            BlockUnits.Site site = new BlockUnits.Site(prefix, builder.input(prefix + "x"), state, t > 1);
            BlockUnits block = BlockUnits.addTo(builder, site, image, labels);
            Mix mix = new Mix(builder.scratch(), prefix + "mix", labels.width());
            state = builder.add(mix, mixedState, block.estimate().name()).name();
            mixedState = state;
        }
        Dense head = builder.add(new Dense(builder.scratch(), "head", labels.width(), labels.classes()), state);
        UnitGraph graph = builder.build(head, random);
        readLabels(head, labels.embedding());
        return graph;
    }

    /**
     * Starts the head at logits of -{@value #HEAD_SCALE}/2 ‖z_T - u_k‖² / n but for what is the same for all
     * classes: {@value #HEAD_SCALE}/n (z_T·u_k - (‖u_k‖² - n)/2), n the mean of ‖u_k‖². The nearest label
     * embedding is then the most probable, whatever the scale of label embeddings.
     */
    private static void readLabels(Dense head, LabelEmbedding labels) {
        int classes = labels.classes();
        double[] squares = new double[classes];
        double sum = 0;
        for (int label = 0; label < classes; label++) {
            for (float component : labels.vector(label)) {
                squares[label] += (double) component * component;
            }
            sum += squares[label];
        }
        double mean = sum / classes;
        double scale = mean > 0 ? HEAD_SCALE / mean : 0;
        double[] weights = new double[labels.width() * classes];
        double[] biases = new double[classes];
        for (int label = 0; label < classes; label++) {
            float[] vector = labels.vector(label);
            for (int i = 0; i < vector.length; i++) {
                weights[i * classes + label] = scale * vector[i];
            }
            biases[label] = scale * (mean - squares[label]) / 2;
        }
        head.startAt(weights, biases);
    }

    /** What the graph takes: z_0, z_0 again, and x for each block. */
    static <A> A[] inputs(A[] inputs, A images, A start) {
        java.util.Arrays.fill(inputs, images);
        inputs[0] = start;
        inputs[1] = start;
        return inputs;
    }
}

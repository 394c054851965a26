package org.noprop.network;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.noprop.label.LabelEmbedding;

/** Joins T blocks, their mixes and the head to the graph of the baseline (Equations 17-19). */
final class BaselineUnits {
    private BaselineUnits() {}

    /**
     * The graph, whose output is the head's logits. Its inputs: {@link #inputs}.
     *
     * @param blocks T
     */
    static UnitGraph graph(DataType type, int blocks, ImagePart image, LabelEmbedding labels, SplittableRandom random) {
        UnitGraph.Builder builder = new UnitGraph.Builder(type);
        String state = builder.input("z0");
        String mixedState = builder.input("z0.mixed");
        for (int t = 1; t <= blocks; t++) {
            String prefix = "block%02d.".formatted(t);
            BlockUnits.Site site = new BlockUnits.Site(prefix, builder.input(prefix + "x"), state, t > 1);
            BlockUnits block = BlockUnits.addTo(builder, site, image, labels);
            Mix mix = new Mix(builder.scratch(), prefix + "mix", labels.width());
            state = builder.add(mix, mixedState, block.estimate().name()).name();
            mixedState = state;
        }
        Dense head = builder.add(new Dense(builder.scratch(), "head", labels.width(), labels.classes()), state);
        return builder.build(head, random);
    }

    /** What the graph takes: z_0, z_0 again, and x for each block. */
    static <A> A[] inputs(A[] inputs, A images, A start) {
        java.util.Arrays.fill(inputs, images);
        inputs[0] = start;
        inputs[1] = start;
        return inputs;
    }
}

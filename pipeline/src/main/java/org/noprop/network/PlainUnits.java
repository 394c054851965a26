package org.noprop.network;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A plain classifier of a block's width, for comparison: the image part of a block, with ReLU in place of its BN, FC256 BN ReLU FC128 BN ReLU
 * FC(m), or with as many features as the image part has. It sees x alone.
 */
final class PlainUnits {
    private PlainUnits() {}

    /** The graph, whose one input is x and whose output is the logits. */
    static UnitGraph graph(DataType type, ImagePart image, int classes, SplittableRandom random) {
        int narrow = image.width() / 2;
        UnitGraph.Builder builder = new UnitGraph.Builder(type, image.initialisation());
        ImageUnits.Site site = new ImageUnits.Site("plain.", builder.input("plain.x"), false, false);
        ImageUnits first = new ImageUnits(builder, site, image);
        DenseNorm second = builder.add(
                new DenseNorm(builder.scratch(), "plain.second", image.width(), true, true, image.width()),
                first.name());
        DenseNorm third = builder.add(
                new DenseNorm(builder.scratch(), "plain.third", narrow, true, true, image.width()), second.name());
        return builder.build(
                builder.add(new Dense(builder.scratch(), "plain.output", narrow, classes), third.name()), random);
    }
}

package org.noprop.nn;

import java.util.Locale;
import org.noprop.label.LabelEmbedding;
import org.noprop.nn.Layer.Dense.Then;

/** The networks of baselines. */
public final class BaselineNetwork {
    /** Input of T blocks: z_0. */
    public static final String START = "z0";
    /** The node of the head over T blocks. */
    public static final String HEAD = "head";

    private BaselineNetwork() {}

    /** T blocks in discrete time end to end, and a head on z_T: from x and z_0 to logits. */
    public static Network ofBlocks(int blocks, ImagePart part, LabelEmbedding labels) {
        Network.Builder network = new Network.Builder(part.initialisation());
        network.input(BlockNetwork.IMAGE, false);
        String state = network.input(START, false);
        for (int t = 1; t <= blocks; t++) {
            String prefix = String.format(Locale.ROOT, "block%02d.", t);
            String estimate = BlockNetwork.addDiscrete(network, prefix, state, part, labels);
            state = network.add(prefix + "mix", new Layer.Mix(labels.width()), state, estimate);
        }
        network.add(HEAD, BlockNetwork.dense(labels.width(), labels.classes(), Then.NOTHING), state);
        return network.build();
    }

    /**
     * A plain classifier of a block's width, from x to logits: the image part of a block, with ReLU in place of its BN, FC256
     * BN ReLU FC128 BN ReLU FC(m), or with as many features as the image part has.
     */
    public static Network plain(ImagePart part, int classes) {
        int width = part.width();
        Network.Builder network = new Network.Builder(part.initialisation());
        network.input(BlockNetwork.IMAGE, false);
        String first = BlockNetwork.addImagePart(network, "plain.", BlockNetwork.IMAGE, part, Then.RELU);
        String second = network.add("plain.second", BlockNetwork.dense(width, width, Then.NORM_RELU), first);
        String third = network.add("plain.third", BlockNetwork.dense(width, width / 2, Then.NORM_RELU), second);
        network.add("plain.output", BlockNetwork.dense(width / 2, classes, Then.NOTHING), third);
        return network.build();
    }
}

package org.noprop.network;

import java.io.Serializable;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.LabelEmbedding;

/** Which of the methods of arXiv 2503.24322v2 trains the blocks, with what decides their objective. */
public sealed interface Method extends Serializable {

    /** How many blocks there are, a partition group each. */
    int blocks();

    /** Its name. */
    String title();

    /**
     * Whether blocks train something together, which is averaged between rounds: label embeddings and head,
     * or a noise schedule. One block alone shares with nobody.
     */
    default boolean shares(LabelEmbedding labels) {
        return blocks() > 1 && (labels.trainable() || trainsSchedule());
    }

    /** Whether blocks train their noise schedule. */
    default boolean trainsSchedule() {
        return false;
    }

    /** Where the head is trained. */
    HeadPlace headPlace(LabelEmbedding labels);

    /** Where a head is trained. */
    enum HeadPlace {
        /** Apart from the blocks, which never see it. */
        APART,
        /** In every block. */
        IN_BLOCKS,
        /** There is none: the class is that of the nearest label embedding. */
        NONE
    }

    /**
     * NoProp-DT.
     *
     * @param schedule the noise schedule, whose steps are the blocks
     * @param eta η of Equation 8
     * @param snrWeightCap largest SNR gain that counts
     */
    record Discrete(NoiseSchedule schedule, double eta, double snrWeightCap) implements Method {
        @Override
        public int blocks() {
            return schedule.steps();
        }

        @Override
        public String title() {
            return "NoProp-DT";
        }

        @Override
        public HeadPlace headPlace(LabelEmbedding labels) {
            return labels.trainable() ? HeadPlace.IN_BLOCKS : HeadPlace.APART;
        }
    }

    /**
     * NoProp-CT.
     *
     * @param settings the noise schedule and the weights
     * @param intervals of [0, 1], a block each
     */
    record Continuous(ContinuousSettings settings, TimeIntervals intervals) implements Method {
        @Override
        public int blocks() {
            return intervals.count();
        }

        @Override
        public String title() {
            return "NoProp-CT";
        }

        @Override
        public HeadPlace headPlace(LabelEmbedding labels) {
            return HeadPlace.IN_BLOCKS;
        }

        @Override
        public boolean trainsSchedule() {
            return settings.trainSchedule();
        }
    }

    /**
     * NoProp-FM.
     *
     * @param sigma σ of z_t
     * @param intervals of [0, 1], a block each
     */
    record FlowMatching(double sigma, TimeIntervals intervals) implements Method {
        @Override
        public int blocks() {
            return intervals.count();
        }

        @Override
        public String title() {
            return "NoProp-FM";
        }

        @Override
        public HeadPlace headPlace(LabelEmbedding labels) {
            return labels.trainable() ? HeadPlace.IN_BLOCKS : HeadPlace.NONE;
        }
    }
}

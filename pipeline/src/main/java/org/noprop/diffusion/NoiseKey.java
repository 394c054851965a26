package org.noprop.diffusion;

import java.util.SplittableRandom;

/**
 * The address of one random draw: a function of the seed, what the draw is for, and whom it is for,
 * and of nothing else.
 *
 * <p>Draws that depend on no thread, executor, partition order or retry make a distributed run
 * repeatable. A key is mixed (SplitMix64's finaliser, a bijection on 64 bits, after each part) into the
 * seed of a generator of its own.
 *
 * @param state the mixed value
 */
public record NoiseKey(long state) {

    /** What a draw is for, with the number that stands for it in a key: never to be changed. */
    public enum Purpose {
        /** z_{t-1}, the input of a block in training. */
        BLOCK_INPUT(1),
        /** z_T, the input of the head in training. */
        HEAD_INPUT(2),
        /** The order of rows in an epoch. */
        ROW_ORDER(3),
        /** Initial weights. */
        WEIGHTS(4),
        /** Dropout masks. */
        DROPOUT(5),
        /** z_0 of inference. */
        CHAIN_START(6),
        /** ε of a chain step of inference. */
        CHAIN_STEP(7),
        /** z_0 of the baseline. */
        BASELINE_START(8),
        /** t of a block in continuous time. */
        BLOCK_TIME(9),
        /** Where trainable label embeddings start. */
        LABEL_EMBEDDING(10),
        /** Which components of an image embedding are dropped. */
        INPUT_DROPOUT(11),
        /** Labels drawn at random. */
        LABEL_NOISE(12);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /** The key of everything drawn under {@code seed} for {@code purpose}. */
    public static NoiseKey of(long seed, Purpose purpose) {
        return new NoiseKey(mix(mix(seed) ^ purpose.code));
    }

    /** The key of one part of this key's draws: a block, an epoch, a row id, an inference run. */
    public NoiseKey at(long part) {
        return new NoiseKey(mix(state ^ mix(part)));
    }

    /** A generator for this key's draws, always the same one. */
    public SplittableRandom generator() {
        return new SplittableRandom(state);
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

package org.noprop.nn;

import java.util.List;
import org.noprop.tensor.ImageShape;

/**
 * A layer of a network, described: what it computes of matrices with a row for each example, and what is trained of it. An
 * engine executes it.
 */
public sealed interface Layer {

    /** Columns of its output. */
    int width();

    /** What is trained of it. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * y = f([x₁ x₂ …] W + b) over one input or several side by side.
     *
     * @param in columns of each input, at least one
     * @param then f
     */
    record Dense(List<Integer> in, int width, Then then) implements Layer {
        /** What follows the product. */
        public enum Then {
            NOTHING,
            RELU,
            /** Batch norm (Ioffe and Szegedy, arXiv 1502.03167), ε = 1e-5, running figures by a momentum of 0.1. */
            NORM,
            NORM_RELU
        }

        /** Copies the list. */
        public Dense {
            in = List.copyOf(in);
        }

        /** Columns of all inputs. */
        public int inputs() {
            return in.stream().mapToInt(Integer::intValue).sum();
        }

        /** Whether there is batch norm. */
        public boolean normed() {
            return then == Then.NORM || then == Then.NORM_RELU;
        }

        /** Whether there is a ReLU. */
        public boolean rectified() {
            return then == Then.RELU || then == Then.NORM_RELU;
        }

        @Override
        public List<Parameter> parameters() {
            String prefix = normed() ? "dense." : "";
            Parameter weight = Parameter.drawn(prefix + "weight", inputs(), inputs(), width);
            Parameter bias = Parameter.drawn(prefix + "bias", inputs(), width);
            return normed()
                    ? List.of(
                            weight,
                            bias,
                            Parameter.constant("norm.scale", 1, width),
                            Parameter.constant("norm.shift", 0, width))
                    : List.of(weight, bias);
        }
    }

    /**
     * A 3 × 3 convolution without padding, ReLU, perhaps 2 × 2 max pooling, and dropout.
     *
     * @param in shape of an input image
     * @param channels of the output
     * @param pool whether max pooling follows
     * @param dropout probability that a value is dropped, in [0, 1)
     */
    record Convolution(ImageShape in, int channels, boolean pool, double dropout) implements Layer {
        /** Shape of an output image. */
        public ImageShape out() {
            ImageShape convolved = in.convolved(channels);
            return pool ? convolved.pooled() : convolved;
        }

        @Override
        public int width() {
            return out().length();
        }

        @Override
        public List<Parameter> parameters() {
            int patch = 9 * in.channels();
            return List.of(
                    Parameter.drawn("weight", patch, 3, 3, in.channels(), channels),
                    Parameter.drawn("bias", patch, channels));
        }
    }

    /** The softmax of each row. */
    record Softmax(int width) implements Layer {}

    /** y = x · W_Embed: label embeddings, of {@code width} components, in the proportions of x. */
    record LabelProduct(int classes, int width) implements Layer {}

    /** The sum of two inputs: a residual connection. */
    record Sum(int width) implements Layer {}

    /**
     * One step of the baseline, z_t = (1-α) z_{t-1} + α û_t with α = tanh(w) learned (Equations 17-18 of arXiv
     * 2503.24322v2); inputs z_{t-1} and û_t.
     *
     * <p>The paper does not say where w starts; here at {@value #START}, α = 0.46, so that each block takes about half of the
     * state over and gradients reach all of them.
     */
    record Mix(int width) implements Layer {
        private static final double START = 0.5;

        @Override
        public List<Parameter> parameters() {
            return List.of(Parameter.constant("weight", START, 1));
        }
    }
}

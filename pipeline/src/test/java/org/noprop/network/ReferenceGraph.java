package org.noprop.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.noprop.label.LabelEmbedding;
import org.noprop.nn.Layer;
import org.noprop.nn.Network;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;

/**
 * Executes a described network in double precision by plain loops, a row at a time where a layer allows it: what kernels are
 * held against. Without dropout.
 */
final class ReferenceGraph {
    private static final double EPSILON = 1e-5;

    private final Network network;
    private final Map<String, Tensor> weights;
    private final LabelEmbedding labels;
    private final Map<String, double[][]> values = new HashMap<>();
    private final Map<String, double[][]> slopes = new HashMap<>();
    private final SortedMap<String, double[]> gradients = new TreeMap<>();
    private final SortedMap<String, double[]> statistics = new TreeMap<>();

    /** A network with these weights over these label embeddings. */
    ReferenceGraph(Network network, Map<String, Tensor> weights, LabelEmbedding labels) {
        this.network = network;
        this.weights = weights;
        this.labels = labels;
    }

    /** The output for inputs in the order of their declaration, batch norm by the batch's own statistics. */
    double[][] forward(double[][]... inputs) {
        values.clear();
        for (int i = 0; i < inputs.length; i++) {
            values.put(network.inputs().get(i), inputs[i]);
        }
        network.nodes().forEach(node -> values.put(node.name(), output(node)));
        return values.get(network.output().name());
    }

    /** The gradients of all weights, by the names of their tensors, and of the inputs. */
    void backward(double[][] outputGradient) {
        slopes.clear();
        slopes.put(network.output().name(), outputGradient);
        for (int i = network.nodes().size() - 1; i >= 0; i--) {
            Network.Node node = network.nodes().get(i);
            propagate(node, slopes.get(node.name()));
        }
    }

    SortedMap<String, double[]> gradients() {
        return gradients;
    }

    /** The running figures of batch norm after one step. */
    SortedMap<String, double[]> statistics() {
        return statistics;
    }

    double[][] inputGradient(String input) {
        return slopes.get(input);
    }

    private double[] weight(Network.Node node, String name) {
        float[] single = weights.get(node.name() + "." + name).values();
        double[] values = new double[single.length];
        Arrays.setAll(values, i -> single[i]);
        return values;
    }

    private double[] gradient(Network.Node node, String name) {
        return gradients.computeIfAbsent(node.name() + "." + name, key -> new double[weight(node, name).length]);
    }

    private double[][] in(Network.Node node, int index) {
        return values.get(node.from().get(index));
    }

    private void add(String source, double[][] gradient) {
        slopes.merge(source, gradient, (before, more) -> {
            double[][] sum = new double[before.length][];
            for (int row = 0; row < sum.length; row++) {
                sum[row] = before[row].clone();
                for (int j = 0; j < sum[row].length; j++) {
                    sum[row][j] += more[row][j];
                }
            }
            return sum;
        });
    }

    private double[][] joined(Network.Node node) {
        double[][] joined = new double[in(node, 0).length][];
        for (int row = 0; row < joined.length; row++) {
            double[] all = {};
            for (int i = 0; i < node.from().size(); i++) {
                double[] own = in(node, i)[row];
                all = Arrays.copyOf(all, all.length + own.length);
                System.arraycopy(own, 0, all, all.length - own.length, own.length);
            }
            joined[row] = all;
        }
        return joined;
    }

    private double[][] output(Network.Node node) {
        Layer layer = node.layer();
        int rows = in(node, 0).length;
        double[][] y = new double[rows][layer.width()];
        if (layer instanceof Layer.Dense dense) {
            double[][] sum = product(node, dense);
            double[][] normed = dense.normed() ? norm(node, dense, sum) : sum;
            return dense.rectified() ? map(normed, value -> Math.max(0, value)) : normed;
        }
        if (layer instanceof Layer.Convolution convolution) {
            for (int row = 0; row < rows; row++) {
                y[row] = convolve(node, convolution, in(node, 0)[row]);
            }
            return y;
        }
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < layer.width(); j++) {
                y[row][j] = component(node, row, j);
            }
        }
        return y;
    }

    private double component(Network.Node node, int row, int j) {
        double[] x = in(node, 0)[row];
        if (node.layer() instanceof Layer.Softmax) {
            double sum = 0;
            for (double logit : x) {
                sum += Math.exp(logit - x[j]);
            }
            return 1 / sum;
        }
        if (node.layer() instanceof Layer.LabelProduct) {
            double sum = 0;
            for (int k = 0; k < x.length; k++) {
                sum += x[k] * labels.component(k, j);
            }
            return sum;
        }
        double other = in(node, 1)[row][j];
        if (node.layer() instanceof Layer.Sum) {
            return x[j] + other;
        }
        double alpha = Math.tanh(weight(node, "weight")[0]);
        return (1 - alpha) * x[j] + alpha * other;
    }

    private double[][] product(Network.Node node, Layer.Dense layer) {
        String prefix = layer.normed() ? "dense." : "";
        double[] w = weight(node, prefix + "weight");
        double[] b = weight(node, prefix + "bias");
        double[][] x = joined(node);
        double[][] y = new double[x.length][layer.width()];
        for (int row = 0; row < x.length; row++) {
            for (int j = 0; j < layer.width(); j++) {
                y[row][j] = b[j];
                for (int i = 0; i < x[row].length; i++) {
                    y[row][j] += x[row][i] * w[i * layer.width() + j];
                }
            }
        }
        return y;
    }

    private double[][] norm(Network.Node node, Layer.Dense layer, double[][] x) {
        double[] scale = weight(node, "norm.scale");
        double[] shift = weight(node, "norm.shift");
        double[] runningMean = new double[layer.width()];
        double[] runningVariance = new double[layer.width()];
        double[][] y = new double[x.length][layer.width()];
        for (int j = 0; j < layer.width(); j++) {
            double mean = mean(x, j);
            double variance = variance(x, j, mean);
            runningMean[j] = .1 * mean;
            runningVariance[j] = .9 + .1 * variance * x.length / (x.length - 1);
            for (int row = 0; row < x.length; row++) {
                y[row][j] = (x[row][j] - mean) / Math.sqrt(variance + EPSILON) * scale[j] + shift[j];
            }
        }
        statistics.put(node.name() + ".norm.running-mean", runningMean);
        statistics.put(node.name() + ".norm.running-variance", runningVariance);
        return y;
    }

    private static double mean(double[][] x, int column) {
        return Arrays.stream(x).mapToDouble(row -> row[column]).average().orElseThrow();
    }

    private static double variance(double[][] x, int column, double mean) {
        return Arrays.stream(x)
                .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
                .average()
                .orElseThrow();
    }

    private static double[][] map(double[][] x, DoubleUnaryOperator function) {
        return Arrays.stream(x)
                .map(row -> Arrays.stream(row).map(function).toArray())
                .toArray(double[][]::new);
    }

    private void propagate(Network.Node node, double[][] slope) {
        Layer layer = node.layer();
        if (layer instanceof Layer.Dense dense) {
            denseBackward(node, dense, slope);
        } else if (layer instanceof Layer.Convolution convolution) {
            double[][] x = in(node, 0);
            double[][] byInput = new double[x.length][];
            for (int row = 0; row < x.length; row++) {
                byInput[row] = convolutionBackward(node, convolution, x[row], slope[row]);
            }
            add(node.from().get(0), byInput);
        } else if (layer instanceof Layer.Softmax) {
            add(node.from().get(0), softmaxBackward(values.get(node.name()), slope));
        } else if (layer instanceof Layer.LabelProduct product) {
            double[][] byInput = new double[slope.length][product.classes()];
            for (int row = 0; row < slope.length; row++) {
                for (int k = 0; k < product.classes(); k++) {
                    for (int j = 0; j < product.width(); j++) {
                        byInput[row][k] += slope[row][j] * labels.component(k, j);
                    }
                }
            }
            add(node.from().get(0), byInput);
        } else if (layer instanceof Layer.Sum) {
            node.from().forEach(source -> add(source, slope));
        } else {
            mixBackward(node, slope);
        }
    }

    private void mixBackward(Network.Node node, double[][] slope) {
        double alpha = Math.tanh(weight(node, "weight")[0]);
        double along = 0;
        for (int row = 0; row < slope.length; row++) {
            for (int j = 0; j < slope[row].length; j++) {
                along += slope[row][j] * (in(node, 1)[row][j] - in(node, 0)[row][j]);
            }
        }
        gradient(node, "weight")[0] = along * (1 - alpha * alpha);
        add(node.from().get(0), map(slope, value -> (1 - alpha) * value));
        add(node.from().get(1), map(slope, value -> alpha * value));
    }

    private static double[][] softmaxBackward(double[][] probabilities, double[][] slope) {
        double[][] byLogits = new double[slope.length][];
        for (int row = 0; row < slope.length; row++) {
            double[] p = probabilities[row];
            double mean = 0;
            for (int k = 0; k < p.length; k++) {
                mean += slope[row][k] * p[k];
            }
            byLogits[row] = new double[p.length];
            for (int k = 0; k < p.length; k++) {
                byLogits[row][k] = p[k] * (slope[row][k] - mean);
            }
        }
        return byLogits;
    }

    private void denseBackward(Network.Node node, Layer.Dense layer, double[][] outputSlope) {
        double[][] slope = new double[outputSlope.length][];
        double[][] output = values.get(node.name());
        for (int row = 0; row < slope.length; row++) {
            slope[row] = outputSlope[row].clone();
            for (int j = 0; j < slope[row].length; j++) {
                slope[row][j] *= layer.rectified() && output[row][j] <= 0 ? 0 : 1;
            }
        }
        String prefix = layer.normed() ? "dense." : "";
        double[][] byProduct = layer.normed() ? normBackward(node, layer, slope) : slope;
        double[] w = weight(node, prefix + "weight");
        double[] byWeight = gradient(node, prefix + "weight");
        double[] byBias = gradient(node, prefix + "bias");
        double[][] x = joined(node);
        double[][] byInput = new double[x.length][layer.inputs()];
        for (int row = 0; row < x.length; row++) {
            for (int j = 0; j < layer.width(); j++) {
                byBias[j] += byProduct[row][j];
                for (int i = 0; i < layer.inputs(); i++) {
                    byWeight[i * layer.width() + j] += x[row][i] * byProduct[row][j];
                    byInput[row][i] += w[i * layer.width() + j] * byProduct[row][j];
                }
            }
        }
        int start = 0;
        for (int i = 0; i < node.from().size(); i++) {
            int first = start;
            int end = start + layer.in().get(i);
            add(
                    node.from().get(i),
                    Arrays.stream(byInput)
                            .map(row -> Arrays.copyOfRange(row, first, end))
                            .toArray(double[][]::new));
            start = end;
        }
    }

    private double[][] normBackward(Network.Node node, Layer.Dense layer, double[][] slope) {
        double[][] x = product(node, layer);
        double[] scale = weight(node, "norm.scale");
        double[] byScale = gradient(node, "norm.scale");
        double[] byShift = gradient(node, "norm.shift");
        int n = x.length;
        double[][] byInput = new double[n][layer.width()];
        for (int j = 0; j < layer.width(); j++) {
            double mean = mean(x, j);
            double deviation = Math.sqrt(variance(x, j, mean) + EPSILON);
            for (int row = 0; row < n; row++) {
                byScale[j] += slope[row][j] * (x[row][j] - mean) / deviation;
                byShift[j] += slope[row][j];
            }
            for (int row = 0; row < n; row++) {
                double hat = (x[row][j] - mean) / deviation;
                byInput[row][j] = scale[j] / deviation * (slope[row][j] - byShift[j] / n - hat * byScale[j] / n);
            }
        }
        return byInput;
    }

    /** Before pooling and ReLU, an image [height, width, channels]. */
    private double[] convolved(Network.Node node, Layer.Convolution layer, double[] x) {
        ImageShape in = layer.in();
        ImageShape out = in.convolved(layer.channels());
        double[] w = weight(node, "weight");
        double[] b = weight(node, "bias");
        double[] y = new double[out.length()];
        for (int i = 0; i < y.length; i++) {
            int channel = i % layer.channels();
            y[i] = b[channel];
            for (int tap = 0; tap < 9 * in.channels(); tap++) {
                y[i] += x[source(layer, i, tap)] * w[tap * layer.channels() + channel];
            }
        }
        return y;
    }

    /** Where, in an input image, what output {@code i} reads by number {@code tap} of a 3 × 3 patch. */
    private static int source(Layer.Convolution layer, int i, int tap) {
        ImageShape in = layer.in();
        int pixel = i / layer.channels();
        int row = pixel / (in.width() - 2) + tap / in.channels() / 3;
        int column = pixel % (in.width() - 2) + tap / in.channels() % 3;
        return (row * in.width() + column) * in.channels() + tap % in.channels();
    }

    private double[] convolve(Network.Node node, Layer.Convolution layer, double[] x) {
        double[] y = convolved(node, layer, x);
        double[] output = new double[layer.width()];
        for (int i = 0; i < output.length; i++) {
            output[i] = Math.max(0, y[chosen(layer, y, i)]);
        }
        return output;
    }

    /** Which value of a convolution output {@code i} of the layer is made of: the first of the largest where it pools. */
    private static int chosen(Layer.Convolution layer, double[] y, int i) {
        if (!layer.pool()) {
            return i;
        }
        ImageShape before = layer.in().convolved(layer.channels());
        int channel = i % layer.channels();
        int pixel = i / layer.channels();
        int row = 2 * (pixel / layer.out().width());
        int column = 2 * (pixel % layer.out().width());
        int best = -1;
        for (int place : List.of(0, 1, before.width(), before.width() + 1)) {
            int candidate = ((row * before.width() + column) + place) * layer.channels() + channel;
            best = best < 0 || y[candidate] > y[best] ? candidate : best;
        }
        return best;
    }

    private double[] convolutionBackward(Network.Node node, Layer.Convolution layer, double[] x, double[] slope) {
        double[] y = convolved(node, layer, x);
        double[] w = weight(node, "weight");
        double[] byWeight = gradient(node, "weight");
        double[] byBias = gradient(node, "bias");
        double[] byInput = new double[x.length];
        for (int i = 0; i < slope.length; i++) {
            int from = chosen(layer, y, i);
            if (y[from] <= 0) {
                continue;
            }
            int channel = from % layer.channels();
            byBias[channel] += slope[i];
            for (int tap = 0; tap < 9 * layer.in().channels(); tap++) {
                byWeight[tap * layer.channels() + channel] += x[source(layer, from, tap)] * slope[i];
                byInput[source(layer, from, tap)] += w[tap * layer.channels() + channel] * slope[i];
            }
        }
        return byInput;
    }
}

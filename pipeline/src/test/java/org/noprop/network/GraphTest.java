package org.noprop.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.nn.BaselineNetwork;
import org.noprop.nn.BlockNetwork;
import org.noprop.nn.ImagePart;
import org.noprop.nn.Layer;
import org.noprop.nn.Network;
import org.noprop.nn.Parameter;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.NativeBackend;
import org.noprop.tensor.Tensor;

/** A forward and a backward pass of every network in float32, against plain loops in double precision. */
class GraphTest {
    private static final int ROWS = 11;
    private static final int CLASSES = 4;
    private static final double TOLERANCE = 2e-4;

    static {
        NativeBackend.load();
    }

    /** A network over label embeddings of {@code labels}. */
    private record Case(String name, Network network, LabelEmbedding labels) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> networks() {
        ImagePart dense = new ImagePart.Embedding(9, 12, ImagePart.embedding(9).initialisation());
        ImagePart convolutional = new ImagePart.Convolutions(new ImageShape(11, 10, 2), List.of(3, 4), 0);
        return Stream.of(dense, convolutional).flatMap(part -> {
            String image = part == dense ? "dense" : "convolutional";
            float[] prototypes = RandomBatches.normal(new SplittableRandom(5), CLASSES * part.components());
            return Stream.of(
                            new OneHotEmbedding(CLASSES),
                            LearnedEmbedding.initial(CLASSES, 3, 1),
                            new PrototypeEmbedding(CLASSES, part.components(), false, prototypes))
                    .flatMap(labels -> {
                        String title = image + ", " + labels.getClass().getSimpleName() + ", ";
                        return Stream.of(
                                new Case(
                                        title + "discrete",
                                        BlockNetwork.discrete(part, labels, true)
                                                .network(),
                                        labels),
                                new Case(
                                        title + "continuous",
                                        BlockNetwork.continuous(part, labels, true, false)
                                                .network(),
                                        labels),
                                new Case(
                                        title + "velocity",
                                        BlockNetwork.continuous(part, labels, true, true)
                                                .network(),
                                        labels),
                                new Case(title + "two blocks", BaselineNetwork.ofBlocks(2, part, labels), labels),
                                new Case(title + "plain", BaselineNetwork.plain(part, CLASSES), labels));
                    });
        });
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aPassThroughAnyNetworkIsThatOfPlainLoops(Case tried) {
        Network network = tried.network();
        LabelMatrix labels = new LabelMatrix(DataType.FLOAT, fixed(tried.labels()));
        SplittableRandom random = new SplittableRandom(8);
        try (Graph graph = new Graph(DataType.FLOAT, network, labels, random)) {
            ReferenceGraph reference = new ReferenceGraph(network, weights(graph, network), tried.labels());
            double[][][] inputs = network.inputs().stream()
                    .map(input -> random(random, ROWS, width(network, input)))
                    .toArray(double[][][]::new);
            double[][] direction = random(random, ROWS, network.output().layer().width());

            graph.rowSeeds().use(new long[ROWS]);
            INDArray output = graph.forward(
                    true, Arrays.stream(inputs).map(GraphTest::array).toArray(INDArray[]::new));
            assertClose(network.output().name(), output.dup(), reference.forward(inputs));
            graph.backward(array(direction));
            reference.backward(direction);

            assertGradients(graph, network, reference);
            for (String input : network.inputs()) {
                if (network.nodes().stream().allMatch(node -> !node.from().contains(input) || node.propagates())) {
                    assertClose(
                            "gradient of " + input, graph.inputGradient(input).dup(), reference.inputGradient(input));
                }
            }
            assertThat(reference.statistics().keySet()).allSatisfy(name -> assertStatistics(graph, reference, name));
        } finally {
            labels.close();
        }
    }

    private static void assertGradients(Graph graph, Network network, ReferenceGraph reference) {
        for (Network.Node node : network.nodes()) {
            Unit unit = graph.unit(node.name());
            for (int i = 0; i < unit.parameters().size(); i++) {
                String name = unit.tensorName(unit.parameters().get(i));
                double[] expected = reference.gradients().get(name);
                assertClose(
                        "gradient of " + name,
                        unit.gradient(i).dup().reshape(expected.length).toDoubleVector(),
                        expected);
            }
        }
    }

    private static void assertStatistics(Graph graph, ReferenceGraph reference, String name) {
        String node = name.substring(0, name.indexOf(".norm."));
        float[] actual = graph.unit(node).statistics().get(name.substring(node.length() + 1));
        double[] expected = reference.statistics().get(name);
        for (int j = 0; j < expected.length; j++) {
            assertThat((double) actual[j]).as("%s[%d]", name, j).isCloseTo(expected[j], within(TOLERANCE));
        }
    }

    private static void assertClose(String what, INDArray actual, double[][] expected) {
        for (int row = 0; row < expected.length; row++) {
            assertClose(what + ", row " + row, actual.getRow(row).toDoubleVector(), expected[row]);
        }
    }

    /** By the largest difference alone: a network has some hundred thousand values. */
    private static void assertClose(String what, double[] actual, double[] expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double difference = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
                .max()
                .orElseThrow();
        assertThat(difference).as(what).isLessThanOrEqualTo(TOLERANCE * (1 + largest));
    }

    /** Label embeddings that stay as they are, so that the graph's matrix needs no vector. */
    private static LabelEmbedding fixed(LabelEmbedding labels) {
        return labels.trainable() ? new PrototypeEmbedding(CLASSES, labels.width(), false, labels.matrix()) : labels;
    }

    private static Map<String, Tensor> weights(Graph graph, Network network) {
        Map<String, Tensor> weights = new TreeMap<>();
        for (Network.Node node : network.nodes()) {
            Unit unit = graph.unit(node.name());
            for (int i = 0; i < unit.parameters().size(); i++) {
                Parameter parameter = unit.parameters().get(i);
                float[] values = unit.value(i).dup().reshape(parameter.length()).toFloatVector();
                weights.put(unit.tensorName(parameter), new Tensor(parameter.shape(), values));
            }
        }
        return weights;
    }

    /** Columns of an input, as the first layer that reads it has them. */
    private static int width(Network network, String input) {
        for (Network.Node node : network.nodes()) {
            int place = node.from().indexOf(input);
            if (place >= 0 && node.layer() instanceof Layer.Dense dense) {
                return dense.in().get(place);
            }
            if (place >= 0 && node.layer() instanceof Layer.Convolution convolution) {
                return convolution.in().length();
            }
        }
        throw new IllegalArgumentException("Nothing reads " + input);
    }

    private static double[][] random(SplittableRandom random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            Arrays.setAll(row, j -> (float) random.nextGaussian());
        }
        return matrix;
    }

    private static INDArray array(double[][] matrix) {
        return Nd4j.createFromArray(matrix).castTo(DataType.FLOAT);
    }
}

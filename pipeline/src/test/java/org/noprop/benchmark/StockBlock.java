package org.noprop.benchmark;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.noprop.network.Batch;

/** The same block out of DL4J's own layers, for comparison: one-hot labels, so that û is the softmax. */
final class StockBlock {
    private final ComputationGraph graph;
    private final int imageWidth;
    private final int classes;

    StockBlock(int imageWidth, int classes) {
        this.imageWidth = imageWidth;
        this.classes = classes;
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(1e-3))
                .regularization(java.util.List.of(new WeightDecay(1e-3, true)))
                .graphBuilder()
                .addInputs("x", "z")
                .setInputTypes(InputType.feedForward(imageWidth), InputType.feedForward(classes));
        dense(builder, "image", 256, "x");
        relu(builder, "label", dense(builder, "label", 256, "z"));
        relu(builder, "residual1", dense(builder, "residual1", 256, "label"));
        String inner = dense(builder, "residual2", 256, "residual1");
        builder.addVertex("residual", new ElementWiseVertex(ElementWiseVertex.Op.Add), "label", inner);
        builder.addVertex("joined", new MergeVertex(), "image-norm", "residual");
        relu(builder, "fused1", dense(builder, "fused1", 256, "joined"));
        relu(builder, "fused2", dense(builder, "fused2", 128, "fused1"));
        OutputLayer output = new OutputLayer.Builder(LossFunction.L2)
                .activation(Activation.SOFTMAX)
                .nOut(classes)
                .build();
        builder.addLayer("output", output, "fused2").setOutputs("output");
        graph = new ComputationGraph(builder.build());
        graph.init();
    }

    /** One step. */
    double trainStep(Batch batch) {
        INDArray labels = Nd4j.zeros(batch.rows(), classes);
        for (int row = 0; row < batch.rows(); row++) {
            labels.putScalar(row, batch.labels()[row], 1);
        }
        INDArray x = Nd4j.createFromArray(batch.images()).reshape(batch.rows(), imageWidth);
        INDArray z = Nd4j.createFromArray(Workload.noisedLabels(batch)).reshape(batch.rows(), classes);
        graph.fit(new MultiDataSet(new INDArray[] {x, z}, new INDArray[] {labels}));
        return graph.score();
    }

    long parameters() {
        return graph.numParams();
    }

    private static String dense(GraphBuilder builder, String name, int width, String from) {
        DenseLayer dense = new DenseLayer.Builder()
                .nOut(width)
                .activation(Activation.IDENTITY)
                .build();
        builder.addLayer(name + "-dense", dense, from);
        builder.addLayer(name + "-norm", new BatchNormalization(), name + "-dense");
        return name + "-norm";
    }

    private static void relu(GraphBuilder builder, String name, String from) {
        builder.addLayer(name, new ActivationLayer(Activation.RELU), from);
    }
}

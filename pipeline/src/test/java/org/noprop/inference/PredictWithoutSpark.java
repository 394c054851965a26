package org.noprop.inference;

import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;

/** The program of docs/model.md: uses a model where there is no Spark. */
final class PredictWithoutSpark {
    private PredictWithoutSpark() {}

    /**
     * Prints the probabilities of each class for an image embedding of zeros, without noise.
     *
     * @param arguments the folder of a model
     */
    public static void main(String[] arguments) {
        ModelFolder folder = ModelFolder.read(new Configuration(), arguments[0]);
        float[][] embeddings = {new float[folder.description().width()]};
        try (LoadedModel model = folder.open()) {
            Predictions predictions = model.predict(new VectorRows(new long[] {1}, embeddings), 0);
            System.out.println(Arrays.toString(predictions.row(0)));
        }
    }
}

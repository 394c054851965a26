package org.noprop.inference;

import java.util.ArrayList;
import java.util.List;
import org.noprop.data.InvalidInputException;
import org.noprop.diffusion.LabelNoise;
import org.noprop.diffusion.NoiseKey;
import org.noprop.network.Baseline;
import org.noprop.network.NetworkShape;

/** The trained baseline, which starts from z_0 ~ N(0, I) and adds no noise later (Equations 17-19). */
public final class BaselineModel {
    private final NetworkShape shape;
    private final Classifier classifier;

    /** What says how probable classes are: as {@link Baseline#classify}. */
    interface Classifier {
        void classify(int rows, float[] images, float[] start, float[] probabilities);
    }

    /** A model of this network, which stays the caller's to close. */
    public BaselineModel(Baseline network) {
        this(network.shape(), network::classify);
    }

    BaselineModel(NetworkShape shape, Classifier classifier) {
        this.shape = shape;
        this.classifier = classifier;
    }

    /**
     * Class probabilities of each run, R of them; z_0 is a function of (seed, run, row id).
     *
     * @throws InvalidInputException if the images are not of the width that it was trained on
     */
    public List<ClassProbabilities> runs(ImageRows images, InferenceSettings settings) {
        int trainedWidth = shape.imageWidth();
        if (trainedWidth != images.width()) {
            throw new InvalidInputException("The image embeddings have " + images.width()
                    + " components where the baseline was trained on " + trainedWidth
                    + ": use the embeddings of the model's own run, or train the baseline again");
        }
        List<ClassProbabilities> runs = new ArrayList<>();
        for (int run = 0; run < settings.runs(); run++) {
            NoiseKey start = NoiseKey.of(settings.seed(), NoiseKey.Purpose.BASELINE_START)
                    .at(run);
            runs.add(run(images, settings.batchSize(), start));
        }
        return runs;
    }

    private ClassProbabilities run(ImageRows images, int batchSize, NoiseKey start) {
        int width = images.width();
        int labelWidth = shape.labelWidth();
        int classes = shape.classes();
        int most = Math.min(batchSize, images.rows());
        float[] x = new float[most * width];
        float[] z = new float[most * labelWidth];
        float[] chunk = new float[most * classes];
        float[] probabilities = new float[images.rows() * classes];
        for (int first = 0; first < images.rows(); first += batchSize) {
            int rows = Math.min(batchSize, images.rows() - first);
            for (int row = 0; row < rows; row++) {
                images.copyRow(first + row, x, row * width);
                LabelNoise.standard(start.at(images.id(first + row)), z, row * labelWidth, labelWidth);
            }
            classifier.classify(rows, x, z, chunk);
            System.arraycopy(chunk, 0, probabilities, first * classes, rows * classes);
        }
        return new ClassProbabilities(images.rows(), classes, probabilities);
    }
}

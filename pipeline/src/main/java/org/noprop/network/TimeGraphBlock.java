package org.noprop.network;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.label.ClassReader;

/** A block in continuous time: a DL4J graph, and what blocks share beside it. */
abstract class TimeGraphBlock extends SharingGraphNetwork implements TimeBlock {
    private final TimeUnits units;
    private final TimeObjective objective;
    private final LabelMatrix labels;
    private final TimeFeatures time = new TimeFeatures(DataType.FLOAT);
    private final BatchInput images;
    private final BatchInput features;
    private final BatchInput noisedLabels;

    TimeGraphBlock(Parts parts, TrainedGraph graph, ClassReader reader, boolean shares) {
        super(parts.shape(), graph, parts.labels(), reader, shares);
        this.units = parts.units();
        this.objective = parts.objective();
        this.labels = parts.labels();
        this.features = new BatchInput(parts.units().featureWidth());
        this.images = new BatchInput(shape().imageWidth());
        this.noisedLabels = new BatchInput(shape().labelWidth());
    }

    /** What such a block is made of; nothing is trained of it that is not in {@code graph} or {@code common}. */
    record Parts(NetworkShape shape, TimeUnits units, UnitGraph graph, LabelMatrix labels, TimeObjective objective) {}

    static UnitGraph build(UnitGraph.Builder builder, Unit output, long weightSeed) {
        return builder.build(output, new SplittableRandom(weightSeed));
    }

    /** What the network says, from its logits, in inference mode, [rows, d]. */
    abstract INDArray output(INDArray logits);

    /**
     * What the network says of the classes.
     *
     * @param rows how many rows
     * @param first row of {@code z}, {@code output} and {@code probabilities} that is the first of them
     */
    abstract void classify(int rows, int first, double t, float[] z, float[] output, float[] probabilities);

    @Override
    public final LossTerms trainStep(TimeBatch batch, double weight) {
        INDArray x = images.copy(batch.images(), 0, batch.rows());
        LossTerms terms = objective.measure(x, batch, weight);
        graph().step();
        return terms;
    }

    @Override
    public final int featureWidth() {
        return units.featureWidth();
    }

    @Override
    public final void encodeImages(int rows, float[] x, float[] encoded) {
        for (int first = 0; first < rows; first += BlockInference.CHUNK) {
            int count = Math.min(BlockInference.CHUNK, rows - first);
            BatchInput.copyOut(units.encode(images.copy(x, first, count)), encoded, first);
        }
    }

    @Override
    public final void estimate(int rows, float[] encoded, float[] z, double t, float[] output, float[] probabilities) {
        INDArray timeShare = units.encodeTime(time.of(1, t));
        for (int first = 0; first < rows; first += BlockInference.CHUNK) {
            int count = Math.min(BlockInference.CHUNK, rows - first);
            INDArray logits =
                    units.logits(features.copy(encoded, first, count), noisedLabels.copy(z, first, count), timeShare);
            BatchInput.copyOut(output(logits), output, first);
            if (probabilities != null) {
                classify(count, first, t, z, output, probabilities);
            }
        }
    }

    @Override
    long batchBytes() {
        return images.bytes()
                + features.bytes()
                + noisedLabels.bytes()
                + time.bytes()
                + labels.bytes()
                + objective.bytes();
    }

    @Override
    public void close() {
        graph().close();
        objective.close();
        labels.close();
        time.close();
        images.close();
        features.close();
        noisedLabels.close();
    }
}

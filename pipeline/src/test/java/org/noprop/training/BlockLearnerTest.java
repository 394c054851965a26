package org.noprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingTable;
import org.noprop.diffusion.CosineSchedule;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.BlockBatch;
import org.noprop.network.BlockNetwork;
import org.noprop.network.MemoryFigures;
import org.noprop.network.NetworkShape;
import org.noprop.tensor.OptimiserSettings;
import org.noprop.tensor.Tensor;

class BlockLearnerTest {
    private static final int ROWS = 4000;
    private static final NoiseSchedule SCHEDULE = CosineSchedule.of(10);
    private static final OneHotEmbedding LABELS = new OneHotEmbedding(4);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            1,
            ROWS,
            OptimiserSettings.adamW(1e-3, 1e-3),
            LearningRateSchedule.CONSTANT,
            Regularisation.NONE,
            1,
            0,
            3,
            "test");

    @Test
    void blockTIsGivenTheNoisedLabelOfTheStepBeforeIts() {
        Recorder recorder = new Recorder();
        BlockSettings block = BlockSettings.of(SCHEDULE, 7, 0.1, 30);

        step(recorder, block, 1);

        double signal = 0;
        double squares = 0;
        for (int row = 0; row < ROWS; row++) {
            float[] u = LABELS.vector(recorder.labels[row]);
            for (int i = 0; i < u.length; i++) {
                float z = recorder.noisedLabels[row * u.length + i];
                signal += z * u[i] / ROWS;
                double noise = z - Math.sqrt(SCHEDULE.alphaBar(6)) * u[i];
                squares += noise * noise / (ROWS * u.length);
            }
        }
        assertThat(signal).isCloseTo(Math.sqrt(SCHEDULE.alphaBar(6)), within(0.02));
        assertThat(squares).isCloseTo(1 - SCHEDULE.alphaBar(6), within(0.02));
    }

    @Test
    void theLossWeightIsHalfTimesBlocksTimesEtaTimesTheSnrGain() {
        Recorder recorder = new Recorder();

        step(recorder, BlockSettings.of(SCHEDULE, 7, 0.1, 30), 1);

        double gain = SCHEDULE.snr(7) - SCHEDULE.snr(6);
        assertThat(recorder.lossWeight).isCloseTo(10 / 2.0 * 0.1 * gain, within(1e-12));
        assertThat(recorder.lossWeight).isPositive();
    }

    @Test
    void theLastWeightIsCapped() {
        assertThat(BlockSettings.of(SCHEDULE, 10, 0.1, 30).lossWeight()).isCloseTo(10 / 2.0 * 0.1 * 30, within(1e-12));
    }

    @Test
    void noiseIsTheSameForTheSameRowWhereverItStandsInTheBatchAndAnotherInEveryEpochAndBlock() {
        BlockSettings block = BlockSettings.of(SCHEDULE, 2, 0.1, 30);
        float[] first = noiseOfRow(42, block, 1, 0);

        assertThat(noiseOfRow(42, block, 1, 17)).isEqualTo(first);
        assertThat(noiseOfRow(42, block, 2, 0)).isNotEqualTo(first);
        assertThat(noiseOfRow(42, new BlockSettings(3, block.inputAlphaBar(), 1), 1, 0))
                .isNotEqualTo(first);
    }

    @Test
    void validationFeedsPureNoiseWhateverTheBlock() {
        Recorder recorder = new Recorder();
        BlockSettings lastBlock = BlockSettings.of(SCHEDULE, 10, 0.1, 30);
        EmbeddingTable table = table();
        BlockLearner learner =
                new BlockLearner(recorder, lastBlock, LABELS, new TrainingRows(table, Optional.of(table)), SETTINGS);

        double accuracy = learner.validate().get(ArtifactFigures.VALIDATION_ACCURACY);

        // The recorder answers with the largest component of z, so it scores only what z gives away.
        assertThat(accuracy).isCloseTo(1.0 / LABELS.classes(), within(0.03));
    }

    private static float[] noiseOfRow(int row, BlockSettings block, int epoch, int place) {
        Recorder recorder = new Recorder();
        int[] order = new int[ROWS];
        order[place] = row;
        BlockLearner learner =
                new BlockLearner(recorder, block, LABELS, new TrainingRows(table(), Optional.empty()), SETTINGS);
        learner.step(epoch, order, 0, place + 1);
        float[] z = new float[LABELS.width()];
        System.arraycopy(recorder.noisedLabels, place * z.length, z, 0, z.length);
        return z;
    }

    private static void step(Recorder recorder, BlockSettings block, int epoch) {
        int[] order = new int[ROWS];
        RowOrder.of(order.length).shuffle(1, block.step(), epoch, order);
        new BlockLearner(recorder, block, LABELS, new TrainingRows(table(), Optional.empty()), SETTINGS)
                .step(epoch, order, 0, ROWS);
    }

    private static EmbeddingTable table() {
        SplittableRandom random = new SplittableRandom(2);
        long[] ids = new long[ROWS];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ids[row] = row;
            labels[row] = random.nextInt(LABELS.classes());
        }
        return EmbeddingTable.of(ids, labels, new float[ROWS][2]);
    }

    /** A network that learns nothing, keeps what it is given, and believes its z. */
    private static final class Recorder implements BlockNetwork {
        private float[] noisedLabels = {};
        private int[] labels = {};
        private double lossWeight;

        @Override
        public NetworkShape shape() {
            return new NetworkShape(2, LABELS.width(), LABELS.classes());
        }

        @Override
        public long parameters() {
            return 0;
        }

        @Override
        public double trainStep(BlockBatch batch, double weight) {
            noisedLabels = batch.noisedLabels().clone();
            labels = batch.labels().clone();
            lossWeight = weight;
            return 0;
        }

        @Override
        public int featureWidth() {
            return 1;
        }

        @Override
        public void encodeImages(int rows, float[] images, float[] features) {}

        @Override
        public void denoise(int rows, float[] features, float[] z, float[] output, float[] probabilities) {
            System.arraycopy(z, 0, probabilities, 0, rows * LABELS.classes());
        }

        @Override
        public MemoryFigures memory() {
            return MemoryFigures.NONE;
        }

        @Override
        public SortedMap<String, Tensor> weights() {
            return new TreeMap<>();
        }

        @Override
        public void loadWeights(SortedMap<String, Tensor> weights) {}

        @Override
        public SortedMap<String, Tensor> optimiserState() {
            return new TreeMap<>();
        }

        @Override
        public void loadOptimiserState(SortedMap<String, Tensor> state) {}

        @Override
        public void setLearningRate(double learningRate) {}

        @Override
        public void close() {}
    }
}

package org.noprop.inference;

import org.noprop.diffusion.Estimator;
import org.noprop.network.TimeBlock;

/** Some consecutive rows on their way through the steps of one block of continuous time or flow matching. */
final class TimeChunk extends Chunk implements Estimator {
    private final TimeBlock block;
    private boolean probabilitiesWanted;

    TimeChunk(ImageRows images, TimeBlock block, int batchSize) {
        super(images, block, batchSize);
        this.block = block;
    }

    /** Has the next estimate, which is that at the step's start, leave its probabilities behind. */
    void wantProbabilities() {
        probabilitiesWanted = true;
    }

    @Override
    public void estimate(double time, float[] at, float[] estimated) {
        block.estimate(rows(), features(), at, time, estimated, probabilitiesWanted ? probabilities() : null);
        probabilitiesWanted = false;
    }

    /** The estimate at the rows' own z alone, for its probabilities. */
    void look(double time) {
        wantProbabilities();
        estimate(time, z(), output());
    }
}

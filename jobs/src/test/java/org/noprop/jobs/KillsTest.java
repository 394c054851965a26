package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that are killed at random; {@code pipeline/benchmarks/kills} kills a hundred. */
class KillsTest {
    private static final int KILLS = 10;
    private static final long SEED = 18;

    @TempDir
    Path folder;

    @Test
    @Timeout(900)
    void whatDriversKilledAtRandomLeaveIsResumedToTheSameBits() throws IOException, InterruptedException {
        List<Kills.Survivor> survivors = new ArrayList<>();
        new Kills(folder, SEED).kill(KILLS, survivors::add);

        assertThat(survivors.stream()
                        .mapToInt(survivor -> survivor.killedIn().size())
                        .sum())
                .isEqualTo(KILLS);
        assertThat(survivors).as("with the seed %d", SEED).allSatisfy(survivor -> assertThat(survivor.differences())
                .isEmpty());
    }
}

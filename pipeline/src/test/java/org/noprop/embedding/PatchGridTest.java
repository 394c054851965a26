package org.noprop.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchGridTest {
    private static final PatchGrid GRID = new PatchGrid(8, 7, 3, 4, 2);

    private final byte[] image = new byte[8 * 7 * 3];

    PatchGridTest() {
        new SplittableRandom(3).nextBytes(image);
    }

    @Test
    void patchesLieAsFarApartAsTheStrideAndNeverOverTheEdge() {
        assertThat(GRID.down()).isEqualTo(3);
        assertThat(GRID.across()).isEqualTo(2);
        assertThat(GRID.positions()).isEqualTo(6);
        assertThat(GRID.length()).isEqualTo(48);
    }

    @Test
    void aPatchIsItsPixelsLessTheirMeanOverTheirSpread() {
        float[] patch = new float[50];
        double variance = GRID.copyNormalised(image, 3, 10, patch, 1);
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < 48; i++) {
            mean += pixel(i) / 48;
            squares += pixel(i) * pixel(i) / 48;
        }
        assertThat(variance).isCloseTo(squares - mean * mean, within(1e-6));
        for (int i = 0; i < 48; i++) {
            double expected = (pixel(i) - mean) / Math.sqrt(squares - mean * mean + 10);
            assertThat((double) patch[1 + i]).isCloseTo(expected, within(1e-5));
        }
        assertThat(patch[0]).isZero();
        assertThat(patch[49]).isZero();
    }

    /** Value i of the patch in the second row and second column of patches. */
    private double pixel(int i) {
        int row = 2 + i / 12;
        int column = 2 + i % 12 / 3;
        return image[(row * 7 + column) * 3 + i % 3] & 0xff;
    }

    @Test
    void aFlatPatchIsNothing() {
        float[] patch = new float[48];
        assertThat(GRID.copyNormalised(new byte[image.length], 0, 10, patch, 0)).isZero();
        assertThat(patch).containsOnly(0);
    }

    @Test
    void cellsShareThePatchesAsEquallyAsTheyCan() {
        PatchGrid grid = new PatchGrid(32, 32, 3, 6, 1);
        PoolingCells cells = new PoolingCells(grid, 2);
        assertThat(cells.count()).isEqualTo(4);
        assertThat(cells.size(0)).isEqualTo(14 * 14);
        assertThat(cells.size(1)).isEqualTo(14 * 13);
        assertThat(cells.size(3)).isEqualTo(13 * 13);
        assertThat(cells.cellOf(13)).isZero();
        assertThat(cells.cellOf(14)).isEqualTo(1);
        assertThat(cells.cellOf(728)).isEqualTo(3);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new PatchGrid(8, 7, 3, 8, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Patches of 8 pixels every 1 in images of 8 x 7");
        assertThatThrownBy(() -> new PoolingCells(GRID, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 x 3 cells for 3 x 2 patches");
    }
}

package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.noprop.tensor.ImageShape;

class DistortionTest {
    private static final int DRAWS = 500;
    private static final ImageShape SMALL = new ImageShape(3, 3, 2);

    @Test
    void theMapThatMovesNothingKeepsTheImage() {
        assertThat(new AffineMap(1, 0, 0, 1).of(colours(), 3, 3, 2)).isEqualTo(colours());
    }

    @Test
    void aQuarterTurnMovesEveryPixelToItsPlace() {
        byte[] turned = new AffineMap(0, 1, -1, 0).of(colours(), 3, 3, 2);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++) {
                for (int channel = 0; channel < 2; channel++) {
                    assertThat(turned[(y * 3 + x) * 2 + channel]).isEqualTo(colours()[(x * 3 + 2 - y) * 2 + channel]);
                }
            }
        }
    }

    @Test
    void betweenPixelsIsTheirMeanAndOutsideThereIsNothing() {
        byte[] row = {100, (byte) 200, 50};
        assertThat(new AffineMap(1, 0, 0, 0.5).of(row, 1, 3, 1)).containsExactly(150, (byte) 200, 125);
        assertThat(new AffineMap(1, 0, 0, 1.5).of(row, 1, 3, 1)).containsExactly(50, (byte) 200, 25);
        assertThat(new AffineMap(1, 0, 0, 3).of(row, 1, 3, 1)).containsExactly(0, (byte) 200, 0);
    }

    @Test
    void turnsAreUpToTheirLimitEitherWay() {
        List<AffineMap> maps = draws(new Distortion(30, 0, 0));
        assertThat(maps).allSatisfy(map -> {
            assertThat(map.yy() * map.xx() - map.yx() * map.xy()).isCloseTo(1, within(1e-12));
            assertThat(map.yy()).isEqualTo(map.xx());
        });
        assertSpread(maps, map -> Math.toDegrees(Math.atan2(map.yx(), map.yy())), -30, 30);
    }

    @Test
    void heightAndWidthAreScaledUpToTheirLimitEachOnItsOwn() {
        List<AffineMap> maps = draws(new Distortion(0, 0.2, 0));
        assertThat(maps).allSatisfy(map -> assertThat(map.yx()).isZero());
        assertSpread(maps, AffineMap::yy, 0.8, 1.2);
        assertSpread(maps, AffineMap::xx, 0.8, 1.2);
        assertSpread(maps, map -> map.yy() - map.xx(), -0.4, 0.4);
    }

    @Test
    void rowsAreMovedAgainstEachOtherUpToTheirLimit() {
        List<AffineMap> maps = draws(new Distortion(0, 0, 0.1));
        assertThat(maps).allSatisfy(map -> {
            assertThat(map.yx()).isZero();
            assertThat(map.yy()).isEqualTo(1);
            assertThat(map.xx()).isEqualTo(1);
        });
        assertSpread(maps, AffineMap::xy, -0.1, 0.1);
    }

    @Test
    void cutOutCopiesAreDistortedAndMirroredOnesAreNot() {
        Augmentation plain = new Augmentation(true, 1, 1, Distortion.NONE);
        Augmentation turned = new Augmentation(true, 1, 1, new Distortion(40, 0, 0));
        Image image = new Image(5, 1, colours());
        assertThat(copy(turned, 1, image)).isEqualTo(copy(plain, 1, image));
        assertThat(copy(turned, 2, image)).isNotEqualTo(copy(plain, 2, image)).isEqualTo(copy(turned, 2, image));
        assertThat(copy(turned, 2, image)).isNotEqualTo(copy(turned, 2, new Image(6, 1, colours())));
    }

    private static byte[] copy(Augmentation kind, int number, Image image) {
        return kind.copies(SMALL).get(number - 1).of(image).bytes();
    }

    private static void assertSpread(List<AffineMap> maps, ToDoubleFunction<AffineMap> value, double from, double to) {
        DoubleSummaryStatistics drawn = maps.stream().mapToDouble(value).summaryStatistics();
        double tenth = (to - from) / 10;
        assertThat(drawn.getMin()).isBetween(from, from + tenth);
        assertThat(drawn.getMax()).isBetween(to - tenth, to);
        assertThat(drawn.getAverage()).isCloseTo((from + to) / 2, within(tenth));
    }

    private static List<AffineMap> draws(Distortion distortion) {
        SplittableRandom random = new SplittableRandom(3);
        return IntStream.range(0, DRAWS).mapToObj(i -> distortion.draw(random)).toList();
    }

    private static byte[] colours() {
        byte[] bytes = new byte[3 * 3 * 2];
        new SplittableRandom(4).nextBytes(bytes);
        return bytes;
    }
}

package org.noprop.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShortChainTest {
    @Test
    void aWholeChainGoesStepByStep() {
        ShortChain whole = ShortChain.whole(7);
        for (int t = 1; t <= 7; t++) {
            assertThat(whole.uses(t)).isTrue();
            assertThat(whole.reached(t)).isEqualTo(t);
        }
    }

    @Test
    void oneBlockIsTheFirstAndGoesToTheEnd() {
        ShortChain one = new ShortChain(10, 1);
        assertThat(used(one)).containsExactly(1);
        assertThat(one.reached(1)).isEqualTo(10);
    }

    @Test
    void blocksThatAreUsedAreEvenAndEachReachesTheNextOnesInput() {
        ShortChain four = new ShortChain(10, 4);
        assertThat(used(four)).containsExactly(1, 4, 7, 10);
        assertThat(used(four).stream().map(four::reached)).containsExactly(3, 6, 9, 10);
    }

    @Test
    void everyLengthHasAsManyBlocksAsItSays() {
        for (int steps = 1; steps <= 60; steps++) {
            for (ShortChain chain : ShortChain.lengths(steps)) {
                assertThat(used(chain)).as("%s", chain).hasSize(chain.blocks());
            }
        }
    }

    @Test
    void tenLengthsAtMostAreComparedFromOneToAll() {
        assertThat(ShortChain.lengths(4)).extracting(ShortChain::blocks).containsExactly(1, 2, 3, 4);
        assertThat(ShortChain.lengths(1)).extracting(ShortChain::blocks).containsExactly(1);
        assertThat(ShortChain.lengths(40))
                .extracting(ShortChain::blocks)
                .containsExactly(1, 5, 10, 14, 18, 23, 27, 31, 36, 40);
    }

    private static List<Integer> used(ShortChain chain) {
        return IntStream.rangeClosed(1, chain.steps())
                .filter(chain::uses)
                .boxed()
                .toList();
    }
}

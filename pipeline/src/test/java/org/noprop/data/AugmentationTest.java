package org.noprop.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.noprop.data.ImageSource.Part;
import org.noprop.tensor.ImageShape;

class AugmentationTest {
    private static final int SIDE = 28;

    private final ImageShape images = new ImageShape(SIDE, SIDE, 1);
    private final Image image = new Image(17, 3, bytes());

    @Test
    void withoutAnyThereAreNoCopies() {
        assertThat(Augmentation.NONE.count()).isZero();
        assertThat(Augmentation.NONE.copies(images)).isEmpty();
    }

    @Test
    void aCopyHasAnIdOfItsOwnThatNamesItsSource() {
        List<Augmentation.Copy> copies = new Augmentation(true, 2, 4, Distortion.NONE).copies(images);
        assertThat(copies).hasSize(3);
        Set<Long> ids = new HashSet<>(Set.of(17L));
        long before = 17;
        for (Augmentation.Copy copy : copies) {
            Image made = copy.of(image);
            assertThat(made.label()).isEqualTo(3);
            assertThat(made.id()).isGreaterThan(Part.TEST.id(1_000_000)).isGreaterThan(before);
            assertThat(Augmentation.sourceOf(made.id())).isEqualTo(17);
            ids.add(made.id());
            before = made.id();
        }
        assertThat(ids).hasSize(4);
        assertThat(Augmentation.sourceOf(17)).isEqualTo(17);
    }

    @Test
    void aFlipMirrorsEveryRow() {
        byte[] flipped = new Augmentation(true, 0, 4, Distortion.NONE)
                .copies(images)
                .get(0)
                .of(image)
                .bytes();
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertThat(flipped[y * SIDE + x]).isEqualTo(image.bytes()[y * SIDE + SIDE - 1 - x]);
            }
        }
    }

    @Test
    void aCropIsTheImageMovedByAtMostItsMargin() {
        Set<String> places = new HashSet<>();
        for (int id = 0; id < 200; id++) {
            byte[] cut = new Augmentation(false, 1, 2, Distortion.NONE)
                    .copies(images)
                    .get(0)
                    .of(new Image(id, 0, image.bytes()))
                    .bytes();
            places.add(place(cut));
        }
        assertThat(places).hasSize(25);
    }

    @Test
    void cropsOfAFlippedKindAreMirroredHalfOfTheTime() {
        Augmentation.Copy copy =
                new Augmentation(true, 1, 1, Distortion.NONE).copies(images).get(1);
        byte[] mirrored = new Augmentation(true, 0, 1, Distortion.NONE)
                .copies(images)
                .get(0)
                .of(image)
                .bytes();
        int flips = 0;
        for (int id = 0; id < 400; id++) {
            byte[] cut = copy.of(new Image(id, 0, image.bytes())).bytes();
            flips += matches(cut, mirrored) ? 1 : 0;
        }
        assertThat(flips).isBetween(160, 240);
    }

    private boolean matches(byte[] cut, byte[] original) {
        for (int down = -1; down <= 1; down++) {
            for (int right = -1; right <= 1; right++) {
                if (isMoved(cut, original, down, right)) {
                    return true;
                }
            }
        }
        return false;
    }

    private String place(byte[] cut) {
        for (int down = -2; down <= 2; down++) {
            for (int right = -2; right <= 2; right++) {
                if (isMoved(cut, image.bytes(), down, right)) {
                    return down + " " + right;
                }
            }
        }
        throw new AssertionError("The copy is not the image moved");
    }

    private static boolean isMoved(byte[] cut, byte[] original, int down, int right) {
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int fromY = y + down;
                int fromX = x + right;
                boolean inside = fromY >= 0 && fromY < SIDE && fromX >= 0 && fromX < SIDE;
                if (cut[y * SIDE + x] != (inside ? original[fromY * SIDE + fromX] : 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[SIDE * SIDE];
        new SplittableRandom(2).nextBytes(bytes);
        return bytes;
    }
}

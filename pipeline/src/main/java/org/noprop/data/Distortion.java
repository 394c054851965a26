package org.noprop.data;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * How far copies of an image are turned, scaled and slanted, each by an amount drawn evenly.
 *
 * @param rotation degrees, 0 … 180, up to which one is turned either way about its centre
 * @param scale share, 0 or more and below 1, by which its height and its width grow or shrink, each on its own
 * @param shear share of a pixel, 0 or more and below 1, by which a row is moved against the next, either way
 */
public record Distortion(double rotation, double scale, double shear) implements Serializable {
    /** None. */
    public static final Distortion NONE = new Distortion(0, 0, 0);

    boolean isNone() {
        return rotation == 0 && scale == 0 && shear == 0;
    }

    /** One, from centred places of the copy to those of its source. */
    AffineMap draw(SplittableRandom random) {
        double angle = Math.toRadians(drawn(random, rotation));
        double tall = 1 + drawn(random, scale);
        double wide = 1 + drawn(random, scale);
        double slant = drawn(random, shear);
        double sine = Math.sin(angle);
        double cosine = Math.cos(angle);
        return new AffineMap(cosine * tall, sine * wide, slant - sine * tall, cosine * wide);
    }

    private static double drawn(SplittableRandom random, double most) {
        return (2 * random.nextDouble() - 1) * most;
    }
}

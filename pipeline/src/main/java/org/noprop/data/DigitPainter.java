package org.noprop.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws one digit: a path of {@link DigitShapes} whose control points tremble, turned, slanted, scaled and
 * shifted, bent by a smooth wave, drawn with a pen of random width and ink, anti-aliased by each pixel's
 * distance to the stroke, on a noisy ground. Pure arithmetic of {@link StrictMath}: the same on every
 * machine.
 */
final class DigitPainter implements DigitShapes.Pen {
    static final int SIDE = 28;

    private static final double TREMBLE = 0.035;
    private static final double TURN = 0.24;
    private static final double SLANT = 0.27;
    private static final double MIN_SCALE = 16;
    private static final double MAX_SCALE = 22;
    private static final double SHIFT = 2.1;
    private static final double WAVE = 1.2;
    private static final double NOISE = 0.16;

    private final SplittableRandom random;
    private final double[] affine = new double[6];
    private final double[] waves = new double[8];
    private final double penRadius;
    private final double[] distances = new double[SIDE * SIDE];

    DigitPainter(SplittableRandom random) {
        this.random = random;
        chooseAffine();
        for (int i = 0; i < waves.length; i += 4) {
            waves[i] = between(0, WAVE);
            waves[i + 1] = between(0.1, 0.45);
            waves[i + 2] = between(0.1, 0.45);
            waves[i + 3] = between(0, 2 * StrictMath.PI);
        }
        penRadius = between(0.8, 1.9);
        Arrays.fill(distances, Double.MAX_VALUE);
    }

    /** The digit, SIDE × SIDE grey values. */
    byte[] paint(int digit) {
        List<DigitShapes.Path> styles = DigitShapes.styles(digit);
        DigitShapes.Path style = styles.get(random.nextInt(styles.size()));
        double[] trembling = style.coordinates().clone();
        for (int i = 0; i < trembling.length; i++) {
            trembling[i] += between(-TREMBLE, TREMBLE);
        }
        new DigitShapes.Path(style.commands(), trembling).trace(this);
        return ink();
    }

    private void chooseAffine() {
        double turn = between(-TURN, TURN);
        double slant = between(-SLANT, SLANT);
        double scaleX = between(MIN_SCALE, MAX_SCALE);
        double scaleY = between(MIN_SCALE, MAX_SCALE);
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        affine[0] = cos * scaleX;
        affine[1] = (cos * slant - sin) * scaleY;
        affine[2] = SIDE / 2.0 + between(-SHIFT, SHIFT);
        affine[3] = sin * scaleX;
        affine[4] = (sin * slant + cos) * scaleY;
        affine[5] = SIDE / 2.0 + between(-SHIFT, SHIFT);
    }

    @Override
    public void draw(double x0, double y0, double x1, double y1) {
        double ax = x(x0 - 0.5, y0 - 0.5);
        double ay = y(x0 - 0.5, y0 - 0.5);
        double bx = x(x1 - 0.5, y1 - 0.5);
        double by = y(x1 - 0.5, y1 - 0.5);
        stroke(ax + wave(0, ax, ay), ay + wave(4, ax, ay), bx + wave(0, bx, by), by + wave(4, bx, by));
    }

    private double x(double x, double y) {
        return affine[0] * x + affine[1] * y + affine[2];
    }

    private double y(double x, double y) {
        return affine[3] * x + affine[4] * y + affine[5];
    }

    private double wave(int at, double x, double y) {
        return waves[at] * StrictMath.sin(waves[at + 1] * x + waves[at + 2] * y + waves[at + 3]);
    }

    /** Lowers the distance of each pixel near the piece from a to b. */
    private void stroke(double ax, double ay, double bx, double by) {
        double reach = penRadius + 1;
        int left = (int) Math.max(0, Math.min(ax, bx) - reach);
        int right = (int) Math.min(SIDE - 1, Math.max(ax, bx) + reach);
        int top = (int) Math.max(0, Math.min(ay, by) - reach);
        int bottom = (int) Math.min(SIDE - 1, Math.max(ay, by) + reach);
        double dx = bx - ax;
        double dy = by - ay;
        double squaredLength = Math.max(1e-12, dx * dx + dy * dy);
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double px = column + 0.5 - ax;
                double py = row + 0.5 - ay;
                double along = Math.min(1, Math.max(0, (px * dx + py * dy) / squaredLength));
                double qx = px - along * dx;
                double qy = py - along * dy;
                int pixel = row * SIDE + column;
                distances[pixel] = Math.min(distances[pixel], qx * qx + qy * qy);
            }
        }
    }

    private byte[] ink() {
        double ink = between(0.65, 1);
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            double coverage = Math.min(1, Math.max(0, penRadius + 0.5 - StrictMath.sqrt(distances[i])));
            double noise = NOISE * (random.nextDouble() + random.nextDouble() - 1);
            pixels[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, ink * coverage + noise)));
        }
        return pixels;
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}

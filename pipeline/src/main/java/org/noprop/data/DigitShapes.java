package org.noprop.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the ten digits are written: each in several styles, each style a path in the unit square (x to the
 * right, y down) of moves, lines and cubic Béziers, in the notation of SVG.
 */
final class DigitShapes {
    private static final int CURVE_PIECES = 10;
    private static final int LINE_PIECES = 4;

    private static final List<List<Path>> STYLES = List.of(
            styles(
                    "M .5 .06 C .12 .06 .12 .94 .5 .94 C .88 .94 .88 .06 .5 .06",
                    "M .62 .12 C .2 .02 .1 .9 .45 .93 C .85 .95 .9 .2 .5 .1",
                    "M .5 .12 C .08 .12 .08 .88 .5 .88 C .92 .88 .92 .12 .5 .12"),
            styles(
                    "M .5 .06 L .5 .94",
                    "M .34 .26 L .54 .07 L .54 .93",
                    "M .36 .24 L .52 .08 L .52 .92 M .32 .92 L .72 .92"),
            styles(
                    "M .25 .3 C .28 .0 .8 .0 .76 .34 C .72 .56 .36 .74 .22 .92 L .8 .92",
                    "M .26 .24 C .34 .04 .74 .04 .72 .34 C .7 .6 .5 .84 .3 .9 C .1 .94 .2 .7 .4 .82 C .55 .92 .7 .94 .82 .84",
                    "M .24 .14 L .72 .14 C .8 .4 .4 .7 .24 .9 L .78 .9"),
            styles(
                    "M .26 .18 C .4 .0 .78 .04 .72 .3 C .7 .44 .54 .47 .42 .47 C .66 .47 .82 .58 .77 .74 C .7 .98 .36 .97 .22 .8",
                    "M .26 .1 L .74 .1 L .46 .42 C .78 .42 .84 .66 .74 .8 C .64 .96 .34 .95 .22 .82",
                    "M .3 .12 C .6 .02 .8 .2 .6 .38 L .4 .46 C .9 .46 .84 .9 .56 .92 C .4 .94 .3 .9 .24 .84"),
            styles(
                    "M .62 .94 L .62 .06 L .2 .62 L .84 .62",
                    "M .34 .08 L .24 .54 L .8 .54 M .64 .3 L .6 .94",
                    "M .32 .1 C .24 .4 .2 .56 .44 .54 L .74 .48 M .74 .08 C .7 .4 .64 .7 .62 .94"),
            styles(
                    "M .74 .1 L .32 .1 L .28 .46 C .46 .34 .8 .4 .77 .68 C .74 .97 .36 .97 .22 .82",
                    "M .7 .1 C .6 .14 .46 .12 .36 .1 C .32 .26 .3 .34 .3 .42 C .9 .4 .84 .92 .5 .93 C .4 .93 .3 .9 .26 .86",
                    "M .34 .12 L .3 .48 C .6 .36 .8 .56 .72 .74 C .64 .94 .4 .95 .24 .88 M .34 .12 L .76 .1"),
            styles(
                    "M .66 .07 C .4 .14 .22 .46 .25 .7 C .28 1.0 .77 1.0 .76 .68 C .75 .4 .34 .4 .27 .7",
                    "M .5 .06 C .3 .3 .24 .5 .26 .7 C .3 .98 .74 .96 .72 .74 C .7 .54 .4 .56 .28 .76",
                    "M .74 .14 C .4 .0 .16 .5 .26 .76 C .36 1.0 .74 .94 .72 .7 C .7 .46 .36 .5 .26 .66"),
            styles(
                    "M .22 .12 L .78 .12 L .42 .94",
                    "M .22 .14 L .76 .12 C .6 .4 .5 .6 .46 .94 M .36 .52 L .74 .5",
                    "M .24 .24 L .26 .1 L .78 .1 C .64 .4 .5 .6 .4 .92"),
            styles(
                    "M .5 .07 C .2 .07 .2 .47 .5 .47 C .8 .47 .8 .07 .5 .07 M .5 .47 C .12 .47 .12 .94 .5 .94 C .88 .94 .88 .47 .5 .47",
                    "M .72 .16 C .5 -.02 .2 .14 .3 .34 C .4 .5 .76 .56 .74 .76 C .7 1.0 .26 .98 .26 .74 C .28 .56 .74 .42 .72 .16",
                    "M .48 .44 C .2 .4 .26 .06 .5 .08 C .78 .1 .74 .4 .46 .46 C .16 .54 .2 .92 .5 .92 C .84 .92 .78 .48 .48 .44"),
            styles(
                    "M .72 .32 C .7 .0 .24 .04 .26 .32 C .28 .58 .7 .56 .72 .3 C .74 .6 .68 .8 .54 .94",
                    "M .7 .1 C .3 .0 .2 .3 .3 .44 C .44 .58 .68 .4 .7 .14 L .66 .94",
                    "M .7 .28 C .64 .02 .28 .08 .28 .32 C .3 .54 .62 .54 .7 .3 C .78 .7 .6 .96 .28 .86"));

    private DigitShapes() {}

    /** The styles in which a digit is written. */
    static List<Path> styles(int digit) {
        return STYLES.get(digit);
    }

    private static List<Path> styles(String... paths) {
        return Arrays.stream(paths).map(Path::parse).toList();
    }

    /** A path: commands M, L and C in order, and the coordinates x, y, x, y … that they take. */
    record Path(String commands, double[] coordinates) {

        static Path parse(String text) {
            StringBuilder commands = new StringBuilder();
            List<Double> coordinates = new ArrayList<>();
            for (String token : text.split(" ", -1)) {
                if (Character.isLetter(token.charAt(0))) {
                    commands.append(token);
                } else {
                    coordinates.add(Double.valueOf(token));
                }
            }
            return new Path(
                    commands.toString(),
                    coordinates.stream().mapToDouble(Double::doubleValue).toArray());
        }

        /** Calls {@code pen} for each short straight piece of the path. */
        void trace(Pen pen) {
            int at = 0;
            double x = 0;
            double y = 0;
            for (int i = 0; i < commands.length(); i++) {
                char command = commands.charAt(i);
                int points = command == 'C' ? 3 : 1;
                if (command == 'L') {
                    traceLine(x, y, at, pen);
                } else if (command == 'C') {
                    traceCurve(x, y, at, pen);
                }
                at += 2 * points;
                x = coordinates[at - 2];
                y = coordinates[at - 1];
            }
        }

        private void traceLine(double x0, double y0, int at, Pen pen) {
            double dx = (coordinates[at] - x0) / LINE_PIECES;
            double dy = (coordinates[at + 1] - y0) / LINE_PIECES;
            for (int i = 0; i < LINE_PIECES; i++) {
                pen.draw(x0 + i * dx, y0 + i * dy, x0 + (i + 1) * dx, y0 + (i + 1) * dy);
            }
        }

        private void traceCurve(double x0, double y0, int at, Pen pen) {
            double x = x0;
            double y = y0;
            for (int i = 1; i <= CURVE_PIECES; i++) {
                double u = (double) i / CURVE_PIECES;
                double nextX = bezier(u, x0, coordinates[at], coordinates[at + 2], coordinates[at + 4]);
                double nextY = bezier(u, y0, coordinates[at + 1], coordinates[at + 3], coordinates[at + 5]);
                pen.draw(x, y, nextX, nextY);
                x = nextX;
                y = nextY;
            }
        }

        private static double bezier(double u, double p0, double p1, double p2, double p3) {
            double v = 1 - u;
            return v * v * v * p0 + 3 * v * v * u * p1 + 3 * v * u * u * p2 + u * u * u * p3;
        }
    }

    /** What a path is drawn with. */
    interface Pen {
        /** Draws from (x0, y0) to (x1, y1). */
        void draw(double x0, double y0, double x1, double y1);
    }
}

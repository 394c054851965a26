package org.noprop.data;

/**
 * A linear map about the centre of an image, from places of the result to those of the source: (y, x) comes from
 * (yy·y + yx·x, xy·y + xx·x).
 */
record AffineMap(double yy, double yx, double xy, double xx) {

    /**
     * The image whose pixels are those of the places that they come from, between pixels by bilinear interpolation;
     * outside of the source there is nothing.
     *
     * @param source height · width · channels bytes, channels last
     */
    byte[] of(byte[] source, int height, int width, int channels) {
        byte[] result = new byte[source.length];
        for (int channel = 0; channel < channels; channel++) {
            fill(result, new Plane(source, height, width, channels, channel));
        }
        return result;
    }

    private void fill(byte[] result, Plane plane) {
        double middleY = (plane.height - 1) / 2.0;
        double middleX = (plane.width - 1) / 2.0;
        for (int y = 0; y < plane.height; y++) {
            for (int x = 0; x < plane.width; x++) {
                double fromY = middleY + yy * (y - middleY) + yx * (x - middleX);
                double fromX = middleX + xy * (y - middleY) + xx * (x - middleX);
                result[plane.index(y, x)] = between(plane, fromY, fromX);
            }
        }
    }

    /** One channel of an image. */
    private record Plane(byte[] bytes, int height, int width, int channels, int channel) {
        int index(int y, int x) {
            return (y * width + x) * channels + channel;
        }

        int at(int y, int x) {
            boolean inside = y >= 0 && y < height && x >= 0 && x < width;
            return inside ? bytes[index(y, x)] & 0xff : 0;
        }
    }

    private static byte between(Plane plane, double y, double x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        double down = y - top;
        double right = x - left;
        double above = (1 - right) * plane.at(top, left) + right * plane.at(top, left + 1);
        double below = (1 - right) * plane.at(top + 1, left) + right * plane.at(top + 1, left + 1);
        return (byte) Math.round((1 - down) * above + down * below);
    }
}

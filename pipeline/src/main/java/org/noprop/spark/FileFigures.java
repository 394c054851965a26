package org.noprop.spark;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.noprop.tensor.ImageShape;

/** What is true of image files together, in whatever order: equal figures, equal files. Tasks add files, the driver merges. */
final class FileFigures implements Serializable {
    private static final int COLOURS = 3;

    private record Size(int height, int width) implements Serializable, Comparable<Size> {
        @Override
        public int compareTo(Size other) {
            return Comparator.comparingInt(Size::height)
                    .thenComparingInt(Size::width)
                    .compare(this, other);
        }
    }

    private final Map<Size, Long> sizes = new TreeMap<>();
    private long files;
    private long coloured;
    private long pictures;
    private boolean plain = true;
    private long xor;
    private BigInteger sum = BigInteger.ZERO;

    /** Adds a file and returns these figures. */
    FileFigures add(DecodedFile file) {
        files++;
        xor ^= file.hash();
        sum = sum.add(BigInteger.valueOf(file.hash()));
        plain &= file.picture() != null && file.picture().plain();
        if (file.picture() != null) {
            ImageShape shape = file.picture().shape();
            pictures++;
            coloured += shape.channels() == COLOURS ? 1 : 0;
            sizes.merge(new Size(shape.height(), shape.width()), 1L, Long::sum);
        }
        return this;
    }

    /** Adds all that {@code other} has seen and returns these figures. */
    FileFigures merge(FileFigures other) {
        files += other.files;
        xor ^= other.xor;
        sum = sum.add(other.sum);
        plain &= other.plain;
        pictures += other.pictures;
        coloured += other.coloured;
        other.sizes.forEach((size, count) -> sizes.merge(size, count, Long::sum));
        return this;
    }

    /** How many there are. */
    long files() {
        return files;
    }

    /**
     * The size of most pictures, of equally frequent ones the smallest, with three channels if any of them has colours;
     * nothing where there is no picture.
     */
    Optional<ImageShape> shape() {
        return sizes.entrySet().stream()
                .max(Map.Entry.<Size, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(most ->
                        new ImageShape(most.getKey().height(), most.getKey().width(), coloured > 0 ? COLOURS : 1));
    }

    /** Whether there are grey pictures and coloured ones. */
    boolean mixed() {
        return coloured > 0 && coloured < pictures;
    }

    /** How many pictures have colours. */
    long coloured() {
        return coloured;
    }

    /**
     * All files on one line. Where all are plain it is what it has been since before there were others, so that their
     * embeddings serve on.
     */
    String fingerprint() {
        String all = "TableFigures[rows=" + files + ", hash=" + xor + " " + sum + "]";
        return plain && !mixed() ? all : all + " decoded=2";
    }
}

package org.noprop.data;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * MNIST, or any dataset published in its form: 28 × 28 grey images of ten classes in four idx files, each
 * compressed by gzip or not.
 *
 * @param folder where the four files lie, a path of any Hadoop file system
 */
public record MnistSource(String folder) implements ImageSource {
    private static final int SIDE = 28;
    private static final int CLASSES = 10;
    private static final PublishedCounts PUBLISHED = new PublishedCounts("MNIST", 60_000, 10_000);
    private static final String HELP = "put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,"
            + " t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz there, or set noprop.data.path to the folder"
            + " that holds them";

    @Override
    public String name() {
        return "mnist";
    }

    @Override
    public int height() {
        return SIDE;
    }

    @Override
    public int width() {
        return SIDE;
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public ImageSourceSummary inspect(Configuration hadoop) {
        IdxFile.Content train = inspect(hadoop, Part.TRAIN);
        IdxFile.Content test = inspect(hadoop, Part.TEST);
        PUBLISHED.check(folder, train.records(), test.records());
        List<String> names =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        String fingerprint = "mnist train=" + train.sha256() + " test=" + test.sha256();
        return new ImageSourceSummary(names, train.records(), test.records(), fingerprint);
    }

    /** The number of images of a part, and the hashes of its images and labels. */
    private IdxFile.Content inspect(Configuration hadoop, Part part) {
        IdxFile imageFile = images(hadoop, part);
        IdxFile labelFile = labels(hadoop, part);
        IdxFile.Content images = imageFile.readAll(OutputStream.nullOutputStream());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IdxFile.Content labels = labelFile.readAll(bytes);
        if (images.records() != labels.records()) {
            throw InvalidInputException.cannotRead(
                    labelFile,
                    labels.records() + " labels for the " + images.records() + " images of " + imageFile
                            + " (files swapped?)");
        }
        LabelCounts counts = new LabelCounts(CLASSES);
        byte[] values = bytes.toByteArray();
        for (int i = 0; i < values.length; i++) {
            counts.add(Byte.toUnsignedInt(values[i]), labelFile, i);
        }
        counts.warnOfEmptyClasses("MNIST", part);
        return new IdxFile.Content(images.records(), images.sha256() + "," + labels.sha256());
    }

    @Override
    public ImageReader open(Configuration hadoop, Part part) {
        IdxFile images = images(hadoop, part);
        IdxFile labels = labels(hadoop, part);
        return new MnistReader(part, images, labels, SIDE * SIDE);
    }

    private IdxFile images(Configuration hadoop, Part part) {
        SourceFile file = SourceFile.findGzippedOrNot(hadoop, folder, prefix(part) + "-images-idx3-ubyte", HELP);
        return new IdxFile(file, PUBLISHED.most(), SIDE, SIDE);
    }

    private IdxFile labels(Configuration hadoop, Part part) {
        SourceFile file = SourceFile.findGzippedOrNot(hadoop, folder, prefix(part) + "-labels-idx1-ubyte", HELP);
        return new IdxFile(file, PUBLISHED.most());
    }

    private static String prefix(Part part) {
        return part == Part.TRAIN ? "train" : "t10k";
    }
}

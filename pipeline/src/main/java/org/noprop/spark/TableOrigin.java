package org.noprop.spark;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.noprop.config.DataConfig;
import org.noprop.config.FilesConfig;
import org.noprop.data.DamagedImageException;
import org.noprop.data.ImageDecoder;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ValidationCut;
import org.noprop.tensor.ImageShape;

/** The images in a user's own files, which Spark reads. */
final class TableOrigin implements ImageOrigin {
    private static final String SIZE = "value";
    private static final String NONE = "";

    private final SparkSession session;
    private final DataConfig data;
    private final LabelledTable table;
    private final TableFigures figures;

    /**
     * The images of a configuration.
     *
     * @throws InvalidInputException in one sentence, if there are none of use
     */
    TableOrigin(SparkSession session, DataConfig data) {
        this.session = session;
        this.data = data;
        this.table = LabelledTable.read(session, data);
        this.figures = TableFigures.of(table.rows());
    }

    @Override
    public String name() {
        return new Path(path()).getName();
    }

    @Override
    public String fingerprint() {
        FilesConfig files = data.files();
        return "files " + figures + " classes=" + table.classNames() + " size=" + files.size() + " resize="
                + files.resize() + " max-damaged=" + files.maxDamaged();
    }

    @Override
    public LabelledImages open(String folder) {
        FilesConfig files = data.files();
        ImageShape shape = files.size()
                .map(size -> new ImageShape(size.get(0), size.get(1), size.get(2)))
                .orElseGet(this::mostFrequentShape);
        TableImages images = TableImages.decode(
                session, table, new ImageDecoder(shape, files.resize()), new ValidationCut(data.validationFraction()));
        try {
            new DamagedImages(path(), files.maxDamaged()).check(images.damaged(), figures.rows(), folder);
            images.number();
            for (Part part : Part.values()) {
                if (images.count(part) == 0) {
                    throw new InvalidInputException("There is no " + part + " image of use among the " + figures.rows()
                            + " images in " + path());
                }
            }
            return images;
        } catch (RuntimeException e) {
            images.close();
            throw e;
        }
    }

    private String path() {
        return data.path().orElseThrow();
    }

    /** Of equally frequent ones the smallest. */
    private ImageShape mostFrequentShape() {
        Dataset<String> sizes = table.rows()
                .select(functions.col(InputTable.PAYLOAD))
                .map((MapFunction<Row, String>) row -> size(row.getAs(0)), Encoders.STRING());
        List<Row> counts = sizes.groupBy(SIZE).count().collectAsList();
        Optional<String> most = counts.stream()
                .filter(row -> !row.getString(0).equals(NONE))
                .max(Comparator.<Row>comparingLong(row -> row.getLong(1))
                        .thenComparing(row -> row.getString(0), Comparator.reverseOrder()))
                .map(row -> row.getString(0));
        int[] size = most.map(text -> List.of(text.split(" ")).stream()
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .orElseThrow(() -> new InvalidInputException(
                        "None of the " + figures.rows() + " files in " + path() + " is a PNG or JPEG image"));
        return new ImageShape(size[0], size[1], size[2]);
    }

    private static String size(byte[] file) {
        if (file == null) {
            return NONE;
        }
        try {
            ImageShape shape = ImageDecoder.shape(file);
            return String.join(
                    " ",
                    IntStream.of(shape.height(), shape.width(), shape.channels())
                            .mapToObj(Integer::toString)
                            .toList());
        } catch (DamagedImageException e) {
            return NONE;
        }
    }
}

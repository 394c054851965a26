package org.noprop.spark;

import java.io.Serializable;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.noprop.data.DamagedImageException;
import org.noprop.data.Image;
import org.noprop.data.ImageDecoder;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.tensor.ImageShape;
import scala.Tuple2;

/**
 * The images of a table, decoded once; their pixels stay on the executors' disks. Ids follow from the pixels and classes
 * alone: in whatever order and partitions the files come, the same images get the same ids.
 */
final class TableImages implements LabelledImages {
    private static final String HASH = "hash";
    private static final String PIXELS = "pixels";
    private static final String ERROR = "error";
    private static final StructType SCHEMA = new StructType()
            .add(LabelledTable.TEST, DataTypes.BooleanType)
            .add(LabelledTable.LABEL, DataTypes.IntegerType)
            .add(LabelledTable.NAME, DataTypes.StringType)
            .add(PIXELS, DataTypes.BinaryType)
            .add(ERROR, DataTypes.StringType);

    private static final Comparator<Image> BY_ID =
            (Comparator<Image> & Serializable) (one, other) -> Long.compare(one.id(), other.id());

    private final ImageShape shape;
    private final List<String> classNames;
    private final ValidationCut cut;
    private final Dataset<Row> decoded;
    private final Map<Part, JavaRDD<Image>> images = new EnumMap<>(Part.class);
    private final Map<Part, Long> counts = new EnumMap<>(Part.class);

    private TableImages(ImageShape shape, List<String> classNames, ValidationCut cut, Dataset<Row> decoded) {
        this.shape = shape;
        this.classNames = classNames;
        this.cut = cut;
        this.decoded = decoded;
    }

    /** Decodes them. */
    static TableImages decode(SparkSession session, LabelledTable table, ImageDecoder decoder, ValidationCut cut) {
        session.sparkContext().setJobDescription("preprocess: decoding images");
        Dataset<Row> decoded = table.rows()
                .select(LabelledTable.TEST, LabelledTable.LABEL, LabelledTable.NAME, InputTable.PAYLOAD)
                .map((MapFunction<Row, Row>) row -> decode(row, decoder), Encoders.row(SCHEMA))
                .persist(StorageLevel.DISK_ONLY());
        return new TableImages(decoder.shape(), table.classNames(), cut, decoded);
    }

    private static Row decode(Row row, ImageDecoder decoder) {
        byte[] pixels = null;
        String error = null;
        try {
            pixels = pixels(row, decoder);
        } catch (DamagedImageException e) {
            error = e.getMessage();
        }
        return RowFactory.create(row.get(0), row.get(1), row.get(2), pixels, error);
    }

    private static byte[] pixels(Row row, ImageDecoder decoder) throws DamagedImageException {
        if (row.isNullAt(1)) {
            throw new DamagedImageException("its class is none of the training images'");
        }
        if (row.isNullAt(3)) {
            throw new DamagedImageException("there are no bytes");
        }
        return decoder.decode(row.getAs(3));
    }

    /** Those that cannot be used: the columns name and error. */
    Dataset<Row> damaged() {
        return decoded.filter(decoded.col(ERROR).isNotNull()).select(LabelledTable.NAME, ERROR);
    }

    /** Gives the others their ids. */
    void number() {
        for (Part part : Part.values()) {
            Dataset<Row> own = decoded.filter(decoded.col(ERROR)
                    .isNull()
                    .and(decoded.col(LabelledTable.TEST).equalTo(part == Part.TEST)));
            Dataset<Row> hashed = own.select(
                    NumberedRows.hash(own.col(PIXELS), own.col(LabelledTable.LABEL))
                            .as(HASH),
                    own.col(LabelledTable.LABEL),
                    own.col(PIXELS));
            JavaRDD<Image> numbered = NumberedRows.of(
                            hashed, functions.col(HASH), functions.col(LabelledTable.LABEL), functions.col(PIXELS))
                    .map(row -> new Image(
                            part.id(row._1()), row._2().getInt(1), row._2().getAs(2)))
                    .persist(StorageLevel.DISK_ONLY());
            images.put(part, numbered);
            counts.put(part, numbered.count());
        }
        decoded.unpersist();
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public long count(Part part) {
        return counts.get(part);
    }

    @Override
    public JavaRDD<Image> read(Split split, int slices) {
        Part part = ImageSlices.part(split);
        long first = part.id(0);
        JavaPairRDD<Long, Image> own = of(split).mapToPair(image -> new Tuple2<>(image.id() - first, image));
        return NumberedRows.inRanges(own, count(part), slices).values();
    }

    @Override
    public List<Image> first(Split split, int most) {
        return of(split).takeOrdered(most, BY_ID);
    }

    private JavaRDD<Image> of(Split split) {
        ValidationCut by = cut;
        return images.get(ImageSlices.part(split))
                .filter(image -> split == Split.TEST || by.holds(image.id()) == (split == Split.VALIDATION));
    }

    @Override
    public void close() {
        decoded.unpersist();
        images.values().forEach(JavaRDD::unpersist);
    }
}

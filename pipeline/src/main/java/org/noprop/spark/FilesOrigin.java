package org.noprop.spark;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.noprop.config.DataConfig;
import org.noprop.config.FilesConfig;
import org.noprop.data.ImageDecoder;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Paths;
import org.noprop.data.ValidationCut;
import org.noprop.tensor.ImageShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images in a user's own files, from a folder or from the rows of a table. Each is read and decoded once. */
final class FilesOrigin implements ImageOrigin {
    private static final Logger LOG = LoggerFactory.getLogger(FilesOrigin.class);

    private static final String DAMAGED = "damaged";
    private static final int FEW_IMAGES = 10;
    private static final int LOPSIDED = 100;
    private static final int MOST_SHOWN = 5;

    private final SparkSession session;
    private final JavaSparkContext context;
    private final DataConfig data;
    private final List<String> classNames;
    private final SortedMap<String, Long> leftOut;
    private final JavaRDD<byte[]> files;
    /** Of the files, once they have been read. */
    private FileFigures figures;

    /**
     * The images of a configuration.
     *
     * @throws InvalidInputException in one sentence, if there are none of use
     */
    FilesOrigin(SparkSession session, DataConfig data) {
        this.session = session;
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.data = data;
        ImageDecoder known = data.files().size().map(this::decoder).orElse(null);
        JavaRDD<DecodedFile.Content> contents;
        if (data.kind() == DataConfig.Kind.FOLDER) {
            ImageFolder folder =
                    ImageFolder.of(InputFiles.list(context.hadoopConfiguration(), path(), LabelledTable.SETTING));
            LabelledTable.requireClasses(folder.classNames(), path());
            this.classNames = folder.classNames();
            this.leftOut = new TreeMap<>(folder.leftOut());
            contents = folder.read(context, data.files().testFraction());
        } else {
            LabelledTable table = LabelledTable.read(session, data);
            this.classNames = table.classNames();
            this.leftOut = new TreeMap<>(table.leftOut());
            contents = table.rows()
                    .select(
                            LabelledTable.TEST,
                            LabelledTable.LABEL,
                            LabelledTable.NAME,
                            InputTable.PAYLOAD,
                            LabelledTable.UNKNOWN)
                    .javaRDD()
                    .map(row -> new DecodedFile.Content(
                            row.getBoolean(0),
                            row.isNullAt(1) ? -1 : row.getInt(1),
                            row.getString(2),
                            row.getAs(3),
                            row.getString(4)));
        }
        this.files = contents.map(file -> DecodedFile.of(file, known).toBytes());
    }

    @Override
    public String name() {
        return Paths.of(path()).getName();
    }

    @Override
    public String fingerprint() {
        if (figures == null) {
            read(files.map(DecodedFile::ofBytes));
        }
        FilesConfig config = data.files();
        return "files " + figures.fingerprint() + " classes=" + classNames + " size=" + config.size() + " resize="
                + config.resize() + " max-damaged=" + config.maxDamaged();
    }

    @Override
    public SortedMap<String, Long> leftOut() {
        return leftOut;
    }

    @Override
    public LabelledImages open(String folder) {
        JavaRDD<byte[]> persisted = files.persist(StorageLevel.DISK_ONLY());
        JavaRDD<DecodedFile> kept = persisted.map(DecodedFile::ofBytes);
        try {
            read(kept);
            return numbered(kept, folder);
        } catch (RuntimeException e) {
            persisted.unpersist();
            throw e;
        }
    }

    private void read(JavaRDD<DecodedFile> from) {
        context.setJobDescription("preprocess: reading images");
        figures = from.treeAggregate(new FileFigures(), FileFigures::add, FileFigures::merge);
    }

    private LabelledImages numbered(JavaRDD<DecodedFile> kept, String folder) {
        ImageDecoder decoder = data.files()
                .size()
                .map(this::decoder)
                .orElseGet(
                        () -> new ImageDecoder(mostFrequentShape(), data.files().resize()));
        context.setJobDescription("preprocess: numbering images");
        ImageNumbers numbers = new ImageNumbers(
                kept.mapPartitions(own ->
                                List.of(ImageNumbers.Keys.of(own, decoder)).iterator())
                        .collect(),
                classNames.size());
        long used = Arrays.stream(Part.values()).mapToLong(numbers::count).sum();
        new DamagedImages(path(), data.files().maxDamaged())
                .check(damaged(kept, decoder), figures.files() - used, figures.files(), folder);
        for (Part part : Part.values()) {
            if (numbers.count(part) == 0) {
                throw new InvalidInputException(
                        "There is no " + part + " image of use among the " + figures.files() + " images in " + path());
            }
        }
        if (figures.files() > used) {
            leftOut.put(DAMAGED, figures.files() - used);
        }
        warn(numbers);
        return new FileImages(
                files,
                decoder,
                classNames,
                new ValidationCut(data.validationFraction()),
                numbers,
                context.broadcast(numbers.ids()));
    }

    private ImageDecoder decoder(List<Integer> size) {
        return new ImageDecoder(
                new ImageShape(size.get(0), size.get(1), size.get(2)),
                data.files().resize());
    }

    private ImageShape mostFrequentShape() {
        return figures.shape()
                .orElseThrow(() -> new InvalidInputException(
                        "None of the " + figures.files() + " files in " + path() + " is an image that can be read"));
    }

    /** Names and errors of files that cannot be used. */
    private Dataset<Row> damaged(JavaRDD<DecodedFile> kept, ImageDecoder decoder) {
        StructType schema = new StructType().add("name", DataTypes.StringType).add("error", DataTypes.StringType);
        return session.createDataFrame(
                kept.filter(file -> !file.isUsed(decoder))
                        .map(file -> RowFactory.create(file.name(), file.whyUnused(decoder))),
                schema);
    }

    /** Of what is no mistake, but seldom wanted. */
    private void warn(ImageNumbers numbers) {
        if (figures.mixed() && data.files().size().isEmpty()) {
            LOG.warn(
                    "{} of {} images in {} are coloured and the others grey: all get three channels",
                    figures.coloured(),
                    figures.files(),
                    path());
        }
        long[] train = numbers.counts(Part.TRAIN);
        warnOfClasses("without a training image", train, 0, 0);
        warnOfClasses("with fewer than " + FEW_IMAGES + " training images", train, 1, FEW_IMAGES - 1);
        long most = Arrays.stream(train).max().orElse(0);
        long fewest = Arrays.stream(train).filter(count -> count > 0).min().orElse(0);
        if (most >= LOPSIDED * fewest) {
            LOG.warn("The largest class in {} has {} training images and the smallest {}", path(), most, fewest);
        }
        if (numbers.twice() > 0) {
            LOG.warn(
                    "{} images in {} have the pixels of another one; {} test images are training images, too",
                    numbers.twice(),
                    path(),
                    numbers.onBothSides());
        }
    }

    private void warnOfClasses(String what, long[] counts, long from, long to) {
        List<String> names = IntStream.range(0, counts.length)
                .filter(label -> counts[label] >= from && counts[label] <= to)
                .mapToObj(classNames::get)
                .toList();
        if (!names.isEmpty()) {
            LOG.warn(
                    "{} {} in {}: {}{}",
                    names.size() == 1 ? "1 class" : names.size() + " classes",
                    what,
                    path(),
                    names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", ")),
                    names.size() > MOST_SHOWN ? ", …" : "");
        }
    }

    private String path() {
        return data.path().orElseThrow();
    }
}

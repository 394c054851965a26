package org.noprop.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.noprop.data.Image;
import org.noprop.data.ImageDecoder;
import org.noprop.data.ImageSource.Part;
import org.noprop.data.Split;
import org.noprop.data.ValidationCut;
import org.noprop.tensor.ImageShape;
import scala.Tuple2;

/**
 * The images of files that have been read and decoded once; their pixels stay on the executors' disks.
 *
 * @param files as {@link DecodedFile#toBytes} writes them, kept on disk until this is closed
 * @param decoder brings pictures to the size of all
 * @param numbers how many images there are
 * @param ids of the files of each partition
 */
record FileImages(
        JavaRDD<byte[]> files,
        ImageDecoder decoder,
        List<String> classNames,
        ValidationCut cut,
        ImageNumbers numbers,
        Broadcast<List<long[]>> ids)
        implements LabelledImages {
    private static final Comparator<Image> BY_ID =
            (Comparator<Image> & Serializable) (one, other) -> Long.compare(one.id(), other.id());

    @Override
    public ImageShape shape() {
        return decoder.shape();
    }

    @Override
    public long count(Part part) {
        return numbers.count(part);
    }

    @Override
    public JavaRDD<Image> read(Split split, int slices) {
        Part part = ImageSlices.part(split);
        long first = part.id(0);
        // Arrays of bytes are shuffled several times as fast as records.
        JavaPairRDD<Long, byte[]> own = readInAnyOrder(split)
                .mapToPair(image -> new Tuple2<>(
                        image.id() - first,
                        ByteBuffer.allocate(Integer.BYTES + image.bytes().length)
                                .putInt(image.label())
                                .put(image.bytes())
                                .array()));
        return NumberedRows.inRanges(own, count(part), slices)
                .map(image -> new Image(
                        first + image._1(),
                        ByteBuffer.wrap(image._2()).getInt(),
                        Arrays.copyOfRange(image._2(), Integer.BYTES, image._2().length)));
    }

    @Override
    public JavaRDD<Image> readInAnyOrder(Split split) {
        ValidationCut by = cut;
        ImageDecoder to = decoder;
        Broadcast<List<long[]>> all = ids;
        return files.mapPartitionsWithIndex(
                        (task, own) -> withIds(own, all.value().get(task)), true)
                .filter(file -> isOf(split, file._1(), by))
                .map(file -> {
                    DecodedFile decoded = DecodedFile.ofBytes(file._2());
                    return new Image(file._1(), decoded.label(), to.fit(decoded.picture()));
                });
    }

    private static Iterator<Tuple2<Long, byte[]>> withIds(Iterator<byte[]> files, long... ids) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return files.hasNext();
            }

            @Override
            public Tuple2<Long, byte[]> next() {
                return new Tuple2<>(ids[next++], files.next());
            }
        };
    }

    private static boolean isOf(Split split, long id, ValidationCut cut) {
        boolean ofTest = id >= Part.TEST.id(0);
        return id != ImageNumbers.UNUSED
                && ofTest == (split == Split.TEST)
                && (ofTest || cut.holds(id) == (split == Split.VALIDATION));
    }

    @Override
    public List<Image> first(Split split, int most) {
        return readInAnyOrder(split).takeOrdered(most, BY_ID);
    }

    @Override
    public void close() {
        files.unpersist();
        ids.destroy();
    }
}

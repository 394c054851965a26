package org.noprop.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/**
 * Writes one Parquet file of image embeddings as {@link EmbeddingFile} reads it, column by column: Parquet's record writer,
 * which has to be told where each value of a list begins and ends, takes more than one and a half times as long. The rows of
 * one row group are in memory.
 *
 * <p>How columns are encoded, compressed and encrypted is up to Parquet's settings in Hadoop's configuration.
 */
public final class EmbeddingFileWriter implements Closeable {
    private final WriteSupport.WriteContext content;
    private final ParquetProperties properties;
    private final long rowGroupBytes;
    private final CodecFactory codecs;
    private final CompressionCodecName codec;
    private final ParquetFileWriter file;
    private RowGroup rowGroup;

    /**
     * Begins a file that is not there yet.
     *
     * @param hadoop Parquet's settings, and those of the file systems
     * @param content its columns, which are {@code id}, {@code label} and the list of {@code embedding} in this order, and
     *     what is said of them at its end
     */
    public EmbeddingFileWriter(Configuration hadoop, Path path, WriteSupport.WriteContext content) throws IOException {
        this.content = content;
        this.properties = properties(hadoop);
        this.rowGroupBytes = ParquetOutputFormat.getLongBlockSize(hadoop);
        this.codecs = new CodecFactory(hadoop, properties.getPageSizeThreshold());
        this.codec = ParquetOutputFormat.getCompression(hadoop);
        this.file = new ParquetFileWriter(
                HadoopOutputFile.fromPath(path, hadoop),
                content.getSchema(),
                ParquetFileWriter.Mode.CREATE,
                rowGroupBytes,
                hadoop.getInt(ParquetOutputFormat.MAX_PADDING_BYTES, ParquetWriter.MAX_PADDING_SIZE_DEFAULT),
                properties.getColumnIndexTruncateLength(),
                properties.getStatisticsTruncateLength(),
                properties.getPageWriteChecksumEnabled(),
                ParquetOutputFormat.createEncryptionProperties(hadoop, path, content));
        file.start();
        rowGroup = new RowGroup(0);
    }

    private static ParquetProperties properties(Configuration hadoop) {
        return ParquetProperties.builder()
                .withWriterVersion(ParquetOutputFormat.getWriterVersion(hadoop))
                .withDictionaryEncoding(ParquetOutputFormat.getEnableDictionary(hadoop))
                .withDictionaryPageSize(ParquetOutputFormat.getDictionaryPageSize(hadoop))
                .withPageSize(ParquetOutputFormat.getPageSize(hadoop))
                .withMinRowCountForPageSizeCheck(ParquetOutputFormat.getMinRowCountForPageSizeCheck(hadoop))
                .withMaxRowCountForPageSizeCheck(ParquetOutputFormat.getMaxRowCountForPageSizeCheck(hadoop))
                .withPageRowCountLimit(hadoop.getInt(
                        ParquetOutputFormat.PAGE_ROW_COUNT_LIMIT, ParquetProperties.DEFAULT_PAGE_ROW_COUNT_LIMIT))
                .withPageWriteChecksumEnabled(ParquetOutputFormat.getPageWriteChecksumEnabled(hadoop))
                .build();
    }

    /**
     * Adds a row.
     *
     * @param embedding at least one value
     */
    public void write(long id, int label, float... embedding) throws IOException {
        rowGroup.add(id, label, embedding);
        if (rowGroup.isFull()) {
            rowGroup.flush();
            rowGroup = new RowGroup(rowGroup.number + 1);
        }
    }

    /** Writes what is left, and the end of the file. */
    @Override
    public void close() throws IOException {
        if (rowGroup.rows > 0) {
            rowGroup.flush();
        }
        file.end(content.getExtraMetaData());
        codecs.release();
    }

    /** The rows since the last row group that is in the file. */
    private final class RowGroup {
        private final int number;
        private final long mostBytes;
        private final ColumnChunkPageWriteStore pages;
        private final ColumnWriteStore columns;
        private final ColumnWriter ids;
        private final ColumnWriter labels;
        private final ColumnWriter values;
        private final ColumnDescriptor list;
        private long rows;
        private long rowsAtNextLook = properties.getMinRowCountForPageSizeCheck();

        RowGroup(int number) throws IOException {
            this.number = number;
            mostBytes = Math.min(rowGroupBytes, file.getNextRowGroupSize());
            pages = new ColumnChunkPageWriteStore(
                    codecs.getCompressor(codec),
                    content.getSchema(),
                    properties.getAllocator(),
                    properties.getColumnIndexTruncateLength(),
                    properties.getPageWriteChecksumEnabled(),
                    file.getEncryptor(),
                    number);
            columns = properties.newColumnWriteStore(content.getSchema(), pages);
            List<ColumnDescriptor> all = content.getSchema().getColumns();
            ids = columns.getColumnWriter(all.get(0));
            labels = columns.getColumnWriter(all.get(1));
            list = all.get(2);
            values = columns.getColumnWriter(list);
        }

        void add(long id, int label, float... embedding) {
            ids.write(id, 0, 0);
            labels.write(label, 0, 0);
            int whole = list.getMaxDefinitionLevel();
            values.write(embedding[0], 0, whole);
            for (int i = 1; i < embedding.length; i++) {
                values.write(embedding[i], 1, whole);
            }
            columns.endRecord();
            rows++;
        }

        /** By the rule of Parquet's record writer, so that rows lie in the row groups in which they always lay. */
        boolean isFull() {
            if (rows < rowsAtNextLook) {
                return false;
            }
            long bytes = columns.getBufferedSize();
            long bytesOfRow = bytes / rows;
            long halfway = (rows + (long) (mostBytes / (float) bytesOfRow)) / 2;
            rowsAtNextLook = Math.min(
                    Math.max(properties.getMinRowCountForPageSizeCheck(), halfway),
                    rows + properties.getMaxRowCountForPageSizeCheck());
            return bytes > mostBytes - 2 * bytesOfRow;
        }

        void flush() throws IOException {
            file.startBlock(rows);
            columns.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
            columns.close();
        }
    }
}

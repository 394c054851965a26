package org.noprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.EmbeddingFileWriter;
import scala.collection.immutable.Map;

/**
 * Spark's Parquet for rows of an id, a label and an image embedding. Spark names the files, describes their columns and commits
 * them, and {@link EmbeddingFileWriter} writes the rows: Spark's own writer calls functions for each value and takes twice as
 * long. Spark makes one by its name.
 */
public final class EmbeddingFormat extends ParquetFileFormat {
    @Override
    public OutputWriterFactory prepareWrite(
            SparkSession session, Job job, Map<String, String> options, StructType schema) {
        OutputWriterFactory ofSpark = super.prepareWrite(session, job, options, schema);
        job.getConfiguration().setBoolean(SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(), false);
        return new Files(ofSpark);
    }

    private static final class Files extends OutputWriterFactory {
        private final OutputWriterFactory ofSpark;

        Files(OutputWriterFactory ofSpark) {
            this.ofSpark = ofSpark;
        }

        @Override
        public String getFileExtension(TaskAttemptContext task) {
            return ofSpark.getFileExtension(task);
        }

        @Override
        public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext task) {
            return new Rows(path, task.getConfiguration());
        }
    }

    private static final class Rows extends OutputWriter {
        private final String path;
        private final EmbeddingFileWriter file;

        Rows(String path, Configuration hadoop) {
            this.path = path;
            try {
                file = new EmbeddingFileWriter(hadoop, new Path(path), new ParquetWriteSupport().init(hadoop));
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void write(InternalRow row) {
            try {
                file.write(row.getLong(0), row.getInt(1), row.getArray(2).toFloatArray());
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public String path() {
            return path;
        }

        private UncheckedIOException failed(IOException cause) {
            return new UncheckedIOException("Cannot write " + path, cause);
        }
    }
}

package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.DecryptionPropertiesFactory;
import org.apache.parquet.crypto.EncryptionPropertiesFactory;
import org.apache.parquet.crypto.FileDecryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark's own writer of Parquet is the slow oracle. */
class EmbeddingFormatTest {
    private static final int WIDTH = 500;
    private static final String CRYPTO = "parquet.crypto.factory.class";

    private static SparkSession session;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        session = LocalSpark.withCores(2);
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    /** Few levels are stored by a dictionary; of many the dictionary would become too large. */
    @ParameterizedTest
    @ValueSource(ints = {1, 256, Integer.MAX_VALUE})
    void rowGroupsPagesAndMetadataAreThoseOfSparksWriter(int levels) throws IOException {
        Dataset<Row> rows = rows(1000, levels);
        Map<String, String> options = Map.of(
                "compression", "zstd",
                "parquet.block.size", "300000",
                "parquet.page.size", "65536",
                "parquet.dictionary.page.size", "4096");
        rows.write().options(options).parquet(folder + "/spark");
        ours(rows).options(options).save(folder + "/ours");

        Path spark = file("spark");
        Path ours = file("ours");
        assertThat(footer(ours).getFileMetaData().getSchema())
                .isEqualTo(footer(spark).getFileMetaData().getSchema());
        assertThat(footer(ours).getFileMetaData().getKeyValueMetaData())
                .isEqualTo(footer(spark).getFileMetaData().getKeyValueMetaData())
                .containsKey("org.apache.spark.sql.parquet.row.metadata");
        assertThat(chunks(ours)).isEqualTo(chunks(spark)).hasSizeGreaterThan(levels == 1 ? 2 : 3);
        assertThat(pages(ours)).isEqualTo(pages(spark));
        assertThat(ours.getFileName().toString()).matches("part-00000-[-0-9a-f]*-c000.zstd.parquet");
        assertThat(ours.resolveSibling("_SUCCESS")).exists();
        assertThat(session.read().parquet(folder + "/ours").collectAsList()).isEqualTo(rows.collectAsList());
    }

    @Test
    void filesAreEncryptedWhereSettingsSaySo() throws IOException {
        Dataset<Row> rows = rows(10, 256);
        ours(rows).option(CRYPTO, Keys.class.getName()).save(folder + "/ours");

        byte[] bytes = Files.readAllBytes(file("ours"));
        assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PARE");
        assertThat(session.read()
                        .option(CRYPTO, Keys.class.getName())
                        .parquet(folder + "/ours")
                        .collectAsList())
                .isEqualTo(rows.collectAsList());
    }

    /** One key for all; Parquet makes it by its name. */
    public static final class Keys implements EncryptionPropertiesFactory, DecryptionPropertiesFactory {
        private static final byte[] KEY = "sixteen byte key".getBytes(StandardCharsets.US_ASCII);

        @Override
        public FileEncryptionProperties getFileEncryptionProperties(
                Configuration hadoop, org.apache.hadoop.fs.Path path, WriteSupport.WriteContext content) {
            return FileEncryptionProperties.builder(KEY).build();
        }

        @Override
        public FileDecryptionProperties getFileDecryptionProperties(
                Configuration hadoop, org.apache.hadoop.fs.Path path) {
            return FileDecryptionProperties.builder().withFooterKey(KEY).build();
        }
    }

    private static DataFrameWriter<Row> ours(Dataset<Row> rows) {
        return rows.write().format(EmbeddingFormat.class.getName());
    }

    private static Dataset<Row> rows(int count, int levels) {
        SplittableRandom random = new SplittableRandom(levels);
        List<EmbeddingRow> rows = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            float[] embedding = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                embedding[i] = random.nextInt(levels) / 7f;
            }
            rows.add(new EmbeddingRow(3L * id, random.nextInt(10), embedding));
        }
        return session.createDataset(rows, Encoders.bean(EmbeddingRow.class))
                .select("id", "label", "embedding")
                .coalesce(1);
    }

    private Path file(String in) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(in))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static ParquetMetadata footer(Path file) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
            return reader.getFooter();
        }
    }

    /** Where they are, their encodings and statistics. */
    private static List<String> chunks(Path file) throws IOException {
        return footer(file).getBlocks().stream()
                .flatMap(group -> group.getColumns().stream())
                .map(chunk -> chunk.getPath() + " " + chunk.getCodec() + " "
                        + chunk.getEncodings().stream().sorted().toList() + " " + chunk.getStatistics() + " "
                        + chunk.getStartingPos() + " " + chunk.getTotalSize() + " " + chunk.getValueCount())
                .toList();
    }

    private static byte[] pages(Path file) throws IOException {
        List<BlockMetaData> rowGroups = footer(file).getBlocks();
        List<ColumnChunkMetaData> chunks = rowGroups.get(rowGroups.size() - 1).getColumns();
        ColumnChunkMetaData last = chunks.get(chunks.size() - 1);
        return Arrays.copyOf(Files.readAllBytes(file), (int) (last.getStartingPos() + last.getTotalSize()));
    }
}

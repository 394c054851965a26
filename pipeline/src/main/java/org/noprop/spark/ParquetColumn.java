package org.noprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.noprop.data.ParquetFooter;

/**
 * A column of a user's Parquet files, as their footers have it.
 *
 * @param field its name and Spark's type for it, with Spark's metadata; null where Spark has none
 * @param unreadable why it has none; otherwise null
 * @param advice what to do about that; otherwise null
 * @param file the first that has it
 */
record ParquetColumn(StructField field, String unreadable, String advice, String file) {
    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";
    private static final String NUMBERS = "write it as numbers of 32 or 64 bits, or as text";

    static ParquetColumn unreadable(String reason, String advice, String file) {
        return new ParquetColumn(null, reason, advice, file);
    }

    boolean sameType(ParquetColumn other) {
        return field == null
                ? other.field == null
                : other.field != null && field.dataType().sameType(other.field.dataType());
    }

    String type() {
        return field == null ? unreadable : field.dataType().catalogString();
    }

    /**
     * The columns of a file, by name.
     *
     * @param file its name, for messages
     */
    static Map<String, ParquetColumn> of(ParquetFooter footer, String file, ParquetToSparkSchemaConverter converter) {
        Map<String, StructField> sparks = footer.metadata(SPARK_SCHEMA)
                .flatMap(ParquetColumn::sparkSchema)
                .map(schema -> Arrays.stream(schema.fields())
                        .collect(Collectors.toMap(StructField::name, Function.identity(), (one, other) -> one)))
                .orElse(Map.of());
        Map<String, ParquetColumn> columns = new LinkedHashMap<>();
        List<SchemaElement> elements = footer.content().getSchema();
        int next = 1;
        while (next < elements.size()) {
            int end = end(elements, next);
            String name = elements.get(next).getName();
            ParquetColumn found =
                    found(footer.content(), elements.subList(next, end), sparks.get(name), file, converter);
            columns.merge(
                    name,
                    found,
                    (one, other) -> ParquetColumn.unreadable("there twice", "write it under two names", file));
            next = end;
        }
        return columns;
    }

    private static Optional<StructType> sparkSchema(String json) {
        try {
            return Optional.of((StructType) DataType.fromJson(json));
        } catch (RuntimeException e) {
            return Optional.empty(); // of another version, or a type of the user's own: Parquet's types are there, too
        }
    }

    /** Where the elements of a column end, which are its own and those of what is in it. */
    private static int end(List<SchemaElement> elements, int first) {
        int end = first + 1;
        for (int child = 0; child < elements.get(first).getNum_children(); child++) {
            end = end(elements, end);
        }
        return end;
    }

    private static ParquetColumn found(
            FileMetaData footer,
            List<SchemaElement> column,
            StructField sparks,
            String file,
            ParquetToSparkSchemaConverter converter) {
        if (column.stream().anyMatch(ParquetColumn::isHalfFloat)) {
            return ParquetColumn.unreadable("of half floats (float16)", NUMBERS, file);
        }
        if (sparks != null) {
            return new ParquetColumn(sparks, null, null, file);
        }
        List<SchemaElement> alone = new ArrayList<>();
        alone.add(new SchemaElement(footer.getSchema().get(0)).setNum_children(1));
        alone.addAll(column);
        try {
            StructField field = converter
                    .convert(new ParquetMetadataConverter()
                            .fromParquetMetadata(new FileMetaData(footer.getVersion(), alone, 0, List.of()))
                            .getFileMetaData()
                            .getSchema())
                    .apply(0);
            return new ParquetColumn(isVector(field.dataType()) ? vector(field) : field, null, null, file);
        } catch (Exception e) {
            return ParquetColumn.unreadable("of a type unknown to it (" + reason(e) + ")", NUMBERS, file);
        }
    }

    private static String reason(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("^\\[[A-Z_.]*] ", "").replaceFirst("\\.$", "");
    }

    /** Parquet's younger logical types have no name in older versions of its library, which then fails over them. */
    private static boolean isHalfFloat(SchemaElement element) {
        return element.getType() == Type.FIXED_LEN_BYTE_ARRAY
                && element.getType_length() == Short.BYTES
                && element.isSetLogicalType()
                && (!element.getLogicalType().isSet()
                        || element.getLogicalType().getSetField().getFieldName().equals("FLOAT16"));
    }

    /** What a vector of Spark ML is made of. */
    private static boolean isVector(DataType type) {
        return type.sameType(SQLDataTypes.VectorType())
                || (type instanceof StructType struct
                        && Arrays.equals(struct.fieldNames(), new String[] {"type", "size", "indices", "values"}));
    }

    private static StructField vector(StructField field) {
        return new StructField(field.name(), SQLDataTypes.VectorType(), true, field.metadata());
    }
}

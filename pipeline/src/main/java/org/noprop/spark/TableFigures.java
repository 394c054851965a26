package org.noprop.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What is true of the rows of a table together, in whatever order: equal figures, equal rows.
 *
 * @param rows how many there are
 * @param hash of all values of all rows
 */
record TableFigures(long rows, String hash) {

    static TableFigures of(Dataset<Row> table) {
        Column hash = NumberedRows.hash(
                table.col(InputTable.PAYLOAD), table.col(LabelledTable.LABEL), table.col(LabelledTable.TEST));
        Row found = table.select(hash.as("hash"))
                .agg(
                        functions.count(functions.lit(1)),
                        functions.expr("bit_xor(hash)"),
                        functions.sum(functions.col("hash").cast("decimal(38,0)")))
                .head();
        return new TableFigures(found.getLong(0), found.get(1) + " " + found.get(2));
    }
}

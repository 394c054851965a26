package org.noprop.spark;

import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** Numbers for the rows of tables that follow from what is in them alone, in whatever order and partitions they come. */
final class NumberedRows {
    private NumberedRows() {}

    /** What rows are ordered by: a hash of some columns. */
    static Column hash(Column... columns) {
        return functions.xxhash64(columns);
    }

    /** The rows in the order of some columns, numbered from 0. */
    static JavaPairRDD<Long, Row> of(Dataset<Row> rows, Column... order) {
        return rows.orderBy(order).javaRDD().zipWithIndex().mapToPair(Tuple2::swap);
    }

    /** Numbered rows cut into ranges of about one length, each sorted. */
    static <T> JavaPairRDD<Long, T> inRanges(JavaPairRDD<Long, T> rows, long count, int ranges) {
        return rows.repartitionAndSortWithinPartitions(new Ranges(count, ranges));
    }

    /** Cuts 0 … rows-1 into ranges of about one length. */
    private static final class Ranges extends Partitioner {
        private final long rows;
        private final int ranges;

        Ranges(long rows, int ranges) {
            this.rows = rows;
            this.ranges = ranges;
        }

        @Override
        public int numPartitions() {
            return ranges;
        }

        @Override
        public int getPartition(Object number) {
            return (int) ((Long) number * ranges / rows);
        }
    }
}

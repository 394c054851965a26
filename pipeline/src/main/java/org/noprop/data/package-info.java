/**
 * Data at rest: image formats, Parquet embeddings, the run folder, tensors in files. Every path may be of
 * any Hadoop file system; nothing here needs Spark.
 */
package org.noprop.data;

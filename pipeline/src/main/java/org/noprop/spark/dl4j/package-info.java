/** The baseline trained data-parallel by dl4j-spark: the one package that uses DL4J and Spark together. */
package org.noprop.spark.dl4j;

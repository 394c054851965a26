/** The jobs on Spark: preprocessing, partition groups, resources. */
package org.noprop.spark;

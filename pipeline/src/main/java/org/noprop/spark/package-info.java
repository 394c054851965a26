/** The Spark part: preprocessing, partition groups, the jobs of a run. */
package org.noprop.spark;

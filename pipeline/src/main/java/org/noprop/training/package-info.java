/** Trains one block, the head or the baseline on batches, with checkpoints. No Spark. */
package org.noprop.training;

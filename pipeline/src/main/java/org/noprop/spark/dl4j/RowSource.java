package org.noprop.spark.dl4j;

import java.io.Serializable;
import org.noprop.training.TrainingRows;

/** Where a worker gets the training rows, on its executor. */
public interface RowSource extends Serializable {

    /** The rows, in memory. */
    TrainingRows open();
}

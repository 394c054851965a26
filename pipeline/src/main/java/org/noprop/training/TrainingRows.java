package org.noprop.training;

import java.util.Optional;
import org.noprop.data.EmbeddingTable;

/**
 * The rows that a learner sees.
 *
 * @param training what it learns from
 * @param validation held-out rows, where some were set aside
 */
public record TrainingRows(EmbeddingTable training, Optional<EmbeddingTable> validation) {}

package org.noprop.evaluation;

import java.util.Optional;
import org.noprop.label.ClosestLabels;

/**
 * What blocks had in common while they were trained.
 *
 * @param exchangedBytes bytes that went from blocks to where they were averaged and back, over all rounds; 0 where
 *     blocks share nothing
 * @param rounds after which averages were made; 0 where blocks share nothing
 * @param closest the two classes whose trained label embeddings ended up nearest, where they are trained
 */
public record SharedFigures(long exchangedBytes, int rounds, Optional<ClosestLabels> closest) {
    /** Blocks that have nothing in common. */
    public static final SharedFigures NONE = new SharedFigures(0, 0, Optional.empty());
}

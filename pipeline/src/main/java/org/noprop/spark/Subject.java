package org.noprop.spark;

import java.io.Serializable;
import java.util.Optional;
import org.noprop.data.Artifact;
import org.noprop.data.BaselineKind;
import org.noprop.data.RunFolder;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingSettings;

/**
 * What a partition group trains.
 *
 * @param kind a block, the head or a baseline
 * @param step t for a block; 0 otherwise
 */
record Subject(Kind kind, int step) implements Serializable {
    enum Kind {
        BLOCK,
        HEAD,
        BASELINE,
        PLAIN_BASELINE
    }

    static Subject block(int step) {
        return new Subject(Kind.BLOCK, step);
    }

    static Subject head() {
        return new Subject(Kind.HEAD, 0);
    }

    static Subject baseline(BaselineKind kind) {
        return new Subject(kind == BaselineKind.BLOCKS ? Kind.BASELINE : Kind.PLAIN_BASELINE, 0);
    }

    /** Which baseline it is, if it is one. */
    Optional<BaselineKind> baseline() {
        return switch (kind) {
            case BLOCK, HEAD -> Optional.empty();
            case BASELINE -> Optional.of(BaselineKind.BLOCKS);
            case PLAIN_BASELINE -> Optional.of(BaselineKind.MLP);
        };
    }

    boolean isBlock() {
        return kind == Kind.BLOCK;
    }

    Artifact artifact(RunFolder run) {
        return switch (kind) {
            case BLOCK -> run.block(step);
            case HEAD -> run.head();
            case BASELINE, PLAIN_BASELINE -> run.baseline(baseline().orElseThrow());
        };
    }

    TrainingSettings settings(TrainingPlan plan) {
        return switch (kind) {
            case BLOCK -> plan.block();
            case HEAD -> plan.head();
            case BASELINE, PLAIN_BASELINE -> plan.withBaseline(baseline().orElseThrow())
                    .baseline()
                    .settings();
        };
    }

    /** Its job description, as the Spark UI shows it. */
    String description(int blocks) {
        return kind == Kind.BLOCK ? "block " + step + "/" + blocks : toString();
    }

    @Override
    public String toString() {
        return switch (kind) {
            case BLOCK -> "block " + step;
            case HEAD -> "head";
            case BASELINE, PLAIN_BASELINE -> baseline().orElseThrow().title();
        };
    }
}

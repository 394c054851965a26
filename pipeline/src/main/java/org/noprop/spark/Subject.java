package org.noprop.spark;

import java.io.Serializable;
import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;
import org.noprop.training.TrainingPlan;
import org.noprop.training.TrainingSettings;

/**
 * What a partition group trains.
 *
 * @param kind a block, the head or the baseline
 * @param step t for a block; 0 otherwise
 */
record Subject(Kind kind, int step) implements Serializable {
    enum Kind {
        BLOCK,
        HEAD,
        BASELINE
    }

    static Subject block(int step) {
        return new Subject(Kind.BLOCK, step);
    }

    static Subject head() {
        return new Subject(Kind.HEAD, 0);
    }

    static Subject baseline() {
        return new Subject(Kind.BASELINE, 0);
    }

    boolean isBlock() {
        return kind == Kind.BLOCK;
    }

    Artifact artifact(RunFolder run) {
        return switch (kind) {
            case BLOCK -> run.block(step);
            case HEAD -> run.head();
            case BASELINE -> run.baseline();
        };
    }

    TrainingSettings settings(TrainingPlan plan) {
        return switch (kind) {
            case BLOCK -> plan.block();
            case HEAD -> plan.head();
            case BASELINE -> plan.baseline();
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
            case BASELINE -> "baseline";
        };
    }
}

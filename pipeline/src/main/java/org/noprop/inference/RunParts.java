package org.noprop.inference;

import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;

/**
 * The trained parts of a run folder, read anew each time that one is asked for.
 *
 * @param run the run
 * @param epoch after which blocks are taken where their weights were kept; 0 for the end
 */
record RunParts(RunFolder run, int epoch) implements ModelParts {
    /** As they were at the end. */
    RunParts(RunFolder run) {
        this(run, 0);
    }

    @Override
    public Part block(int t) {
        Artifact block = run.block(t);
        return new Part(block.title(), block.path(), block.weightsAfter(epoch));
    }

    @Override
    public Part head() {
        return part(run.head());
    }

    @Override
    public Part sharedHead() {
        return head();
    }

    @Override
    public Part labelEmbedding() {
        return part(run.labelEmbedding());
    }

    @Override
    public Part schedule() {
        return part(run.schedule());
    }

    /** A part of its own folder. */
    static Part part(Artifact artifact) {
        return new Part(artifact.title(), artifact.path(), artifact.weights());
    }
}

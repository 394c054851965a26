package org.noprop.inference;

import org.noprop.data.Artifact;
import org.noprop.data.RunFolder;

/** The trained parts of a run folder, read anew each time that one is asked for. */
record RunParts(RunFolder run) implements ModelParts {
    @Override
    public Part block(int t) {
        return part(run.block(t));
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

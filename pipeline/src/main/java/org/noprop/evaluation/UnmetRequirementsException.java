package org.noprop.evaluation;

/** An evaluation that is complete and written, but misses what was required of it; the message is one sentence. */
public final class UnmetRequirementsException extends RuntimeException {
    /** With the sentence. */
    public UnmetRequirementsException(String sentence) {
        super(sentence);
    }
}

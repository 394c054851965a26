package org.noprop.tensor;

/** ND4J cannot compute on the GPU that it was told to; the message is a sentence for the user. */
public final class UnsupportedGpuException extends RuntimeException {
    /** With what is the matter and what to do. */
    UnsupportedGpuException(String sentence) {
        super(sentence);
    }

    /** With its cause. */
    UnsupportedGpuException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

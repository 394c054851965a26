package org.noprop.data;

/**
 * What a user gave, a file or a folder, cannot be used. The message is one sentence with what, where and
 * what to do; it is shown without a stack trace.
 */
public sealed class InvalidInputException extends RuntimeException permits DamagedFileException {
    /** An exception with this sentence. */
    public InvalidInputException(String sentence) {
        super(sentence);
    }

    /** An exception with this sentence, found because of {@code cause}. */
    public InvalidInputException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** An exception about a file: "Cannot read FILE: WHAT". */
    static InvalidInputException cannotRead(Object file, String what) {
        return new InvalidInputException("Cannot read " + file + ": " + what);
    }
}

package org.noprop.data;

/**
 * A file is damaged, and that is proven: all its bytes could be read, and they do not match their checksum, lack the
 * magic number, end before they should or are not what such a file holds; or a file is missing that one beside it
 * vouches for. A file that could not be read at this moment is no such case: that is an
 * {@link java.io.UncheckedIOException}, which may pass, and after which nothing is to be deleted.
 */
public final class DamagedFileException extends InvalidInputException {
    /**
     * An exception with this sentence, which names the file and says what to do.
     *
     * @param cause what was found, null where the sentence says it all
     */
    public DamagedFileException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

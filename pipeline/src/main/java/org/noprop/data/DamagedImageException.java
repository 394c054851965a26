package org.noprop.data;

/** An image cannot be used; the message says why, without saying which. */
public final class DamagedImageException extends Exception {
    /** An exception with this reason. */
    public DamagedImageException(String reason) {
        super(reason);
    }

    /** An exception with this reason, found because of {@code cause}. */
    public DamagedImageException(String reason, Throwable cause) {
        super(reason, cause);
    }
}

package org.noprop.spark;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.noprop.data.Checksums;

/**
 * The text of all that decides a result, whose hash stands beside the result: equal hashes, equal results. Every setting
 * is named, in the form in which the first version printed its records, so that code may be renamed and what lies in
 * folders already is known again. A setting that came after the first version is a line of its own at the end, and only
 * {@linkplain #lineUnless where} it is not what was done before there was the setting.
 */
final class Fingerprint {
    private final List<String> lines = new ArrayList<>();

    /** Adds a line; numbers and names for each {@code %s} of the format. */
    Fingerprint line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
        return this;
    }

    /**
     * Adds a line of settings that came later.
     *
     * @param asBefore whether they do what was done without them
     */
    Fingerprint lineUnless(boolean asBefore, String format, Object... values) {
        return asBefore ? this : line(format, values);
    }

    /** SHA-256 in hexadecimal. */
    String hash() {
        return Checksums.sha256(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
}

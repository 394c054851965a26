package org.noprop.config;

import java.util.regex.Pattern;

/** Keeps out of files, pages and logs what only its owner may know. */
public final class Secrets {
    /** A regular expression of {@code user:password@} in an address; a key of S3, written there, may have slashes. */
    public static final String USERS = "(?<=://)(?:[^/?#\\s\"]*|[^/?#\\s\"]*:(?!\\d{1,5}/)[^\\s\"]*)@";

    /** One of what in the keys of Hadoop's file systems and of Spark tells secrets, and Spark's own passes over. */
    public static final String KEYS = "(?i:account[.]key|[.]sas[.]|passphrase|credential|private[._-]?key|keytab|jaas)";

    private static final Pattern USER_INFO = Pattern.compile(USERS);
    private static final Pattern KEY = Pattern.compile(KEYS);

    private static final Pattern QUERY =
            Pattern.compile("(?i)([?&][\\w.-]*(?:sig|signature|token|secret|password|credential|key)=)[^&#\\s\"]*");

    private static final String HIDDEN = "*********(redacted)";

    private Secrets() {}

    /** A text whose addresses have no user, password or signature any more. */
    public static String hide(String text) {
        String withoutUsers = USER_INFO.matcher(text).replaceAll("");
        return QUERY.matcher(withoutUsers).replaceAll("$1" + HIDDEN);
    }

    /** The value of a setting of Spark's or Hadoop's, as it may be written down. */
    public static String hide(String key, String value) {
        return KEY.matcher(key).find() ? HIDDEN : hide(value);
    }
}

package org.noprop.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/** Where values come from, as {@code [conf/mnist.conf:12]}, or {@code [--set]} for an override. */
final class Origins {
    private Origins() {}

    /** A space and the origin of {@code value} in brackets. */
    static String suffix(ConfigValue value) {
        return suffix(value.origin());
    }

    /** A space and {@code origin} in brackets. */
    static String suffix(ConfigOrigin origin) {
        if (origin.filename() == null) {
            return " [" + origin.description() + "]";
        }
        return " [" + origin.filename() + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "") + "]";
    }
}

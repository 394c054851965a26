package org.noprop.data;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The three parts of a dataset. */
public enum Split {
    /** What blocks, head and baseline are trained on. */
    TRAIN,
    /** Set aside from the published training images: chooses whatever is chosen. */
    VALIDATION,
    /** The published test images: touched by the evaluation only. */
    TEST;

    /** The name of its folder: {@code train}, {@code validation} or {@code test}. */
    @JsonValue
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}

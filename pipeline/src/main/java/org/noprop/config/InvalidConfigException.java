package org.noprop.config;

import java.util.List;

/** Every mistake of a configuration, a sentence each. */
public final class InvalidConfigException extends RuntimeException {
    private final List<String> problems;

    /** An exception whose message is the problems, a line each. */
    public InvalidConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The mistakes. */
    public List<String> problems() {
        return problems;
    }
}

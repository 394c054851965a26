package org.noprop.config;

import java.time.Duration;

/**
 * What tasks may use.
 *
 * @param startTimeout how long to wait for executors before giving up
 */
public record ResourcesConfig(Duration startTimeout) {}

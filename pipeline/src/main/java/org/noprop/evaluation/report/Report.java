package org.noprop.evaluation.report;

import java.util.SortedMap;

/**
 * A report, ready to be written.
 *
 * @param html the page, complete in itself: figures and style are inside, and it fetches nothing
 * @param figures the page's figures once more, as SVG files by name
 */
public record Report(String html, SortedMap<String, String> figures) {}

package org.noprop.data;

/** The networks that back-propagation trains, for comparison with the blocks of a run. */
public enum BaselineKind {
    /** The blocks of the run, end to end. */
    BLOCKS("blocks", "baseline", "baseline", "the same blocks, back-propagated end to end"),
    /** A plain classifier of a block's width that sees the image embedding alone. */
    MLP("mlp", "baseline-mlp", "plain baseline", "a plain MLP of a block's width");

    private final String key;
    private final String folder;
    private final String title;
    private final String description;

    BaselineKind(String key, String folder, String title, String description) {
        this.key = key;
        this.folder = folder;
        this.title = title;
        this.description = description;
    }

    /** What the configuration and files of figures call it. */
    public String key() {
        return key;
    }

    /** Its folder in a run. */
    public String folder() {
        return folder;
    }

    /** What messages call it. */
    public String title() {
        return title;
    }

    /** What it is, for those who read a report. */
    public String description() {
        return description;
    }
}

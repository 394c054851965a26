package org.noprop.data;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a trained part of a run has come: the content of its {@code state.json}, which is written last.
 *
 * @param name which part: {@code block=03}, {@code head}, {@code baseline}
 * @param epoch epochs done
 * @param epochs epochs in all
 * @param settings hash of whatever determines the result, in hexadecimal: equal settings, equal weights
 * @param figures measured figures by name
 * @param metrics a line of JSON for each epoch done, as in metrics.jsonl; none where no epochs are made, or where an
 *     earlier version wrote the state
 * @param checksums SHA-256 in hexadecimal of the files beside it, by file name; filled in when written
 */
public record ArtifactState(
        String name,
        int epoch,
        int epochs,
        String settings,
        Map<String, Double> figures,
        List<String> metrics,
        Map<String, String> checksums) {

    /**
     * Copies its maps, sorted by name.
     *
     * @throws IllegalArgumentException if more epochs are done than there are
     */
    public ArtifactState {
        if (epoch < 0 || epoch > epochs) {
            throw new IllegalArgumentException("epoch " + epoch + " of " + epochs);
        }
        figures = new TreeMap<>(figures);
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        checksums = new TreeMap<>(checksums);
    }

    /** A state whose files are not written yet, and that no epochs led to. */
    public ArtifactState(String name, int epoch, int epochs, String settings, Map<String, Double> figures) {
        this(name, epoch, epochs, settings, figures, List.of());
    }

    /** A state whose files are not written yet. */
    public ArtifactState(
            String name, int epoch, int epochs, String settings, Map<String, Double> figures, List<String> metrics) {
        this(name, epoch, epochs, settings, figures, metrics, Map.of());
    }

    ArtifactState withChecksums(Map<String, String> written) {
        return new ArtifactState(name, epoch, epochs, settings, figures, metrics, written);
    }
}

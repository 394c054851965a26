package org.noprop.evaluation.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.noprop.evaluation.Requirements;
import org.noprop.evaluation.TrainingFacts;

/**
 * What a report says of the run beside its accuracies.
 *
 * @param runId the run's name
 * @param dataset which images, in the words of the configuration
 * @param started when the run began
 * @param seed what every random draw was a function of
 * @param dataFingerprint of the embeddings that were trained on
 * @param environment versions, backend and host, by name, in the order of the report
 * @param configuration the effective configuration as HOCON text
 * @param method the method's name
 * @param split whose images were classified: test or validation
 * @param training what is known of training
 * @param curves the learning curves of the blocks; may be empty
 * @param requirements what was required of the evaluation
 * @param pictures images as data URIs, by test row; may be empty
 */
public record RunFacts(
        String runId,
        String dataset,
        Instant started,
        long seed,
        String dataFingerprint,
        Map<String, String> environment,
        String configuration,
        String method,
        String split,
        TrainingFacts training,
        List<LearningCurve> curves,
        Requirements requirements,
        Map<Integer, String> pictures) {
    /** Copies the maps and the list. */
    public RunFacts {
        environment = new LinkedHashMap<>(environment);
        curves = List.copyOf(curves);
        pictures = Map.copyOf(pictures);
    }
}

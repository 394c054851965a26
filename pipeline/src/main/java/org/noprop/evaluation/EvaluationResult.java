package org.noprop.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * What an evaluation found, on the test split.
 *
 * @param classNames the m classes
 * @param testRows how many images were classified
 * @param noprop accuracy of the head on z_T, by noisy run
 * @param averaged accuracy of the class that is most probable in the mean over the noisy runs
 * @param withoutNoise accuracy of the run without noise
 * @param steps names of the steps or moments that {@code chainByStep} has figures of
 * @param chainByStep for each, accuracy of the block at work inside the chain, by noisy run
 * @param blocksAlone for each block, its accuracy from pure noise, by noisy run
 * @param confusion of the prediction that {@code averaged} counts
 * @param baselines those that there are
 * @param comparison NoProp beside the better baseline, where there is one
 * @param evidence what else was looked at
 */
public record EvaluationResult(
        List<String> classNames,
        int testRows,
        Accuracy noprop,
        Accuracy averaged,
        Accuracy withoutNoise,
        List<String> steps,
        List<Accuracy> chainByStep,
        List<Accuracy> blocksAlone,
        ConfusionMatrix confusion,
        List<BaselineFigures> baselines,
        Optional<Comparison> comparison,
        Evidence evidence) {
    /** Copies the lists. */
    public EvaluationResult {
        classNames = List.copyOf(classNames);
        steps = List.copyOf(steps);
        chainByStep = List.copyOf(chainByStep);
        blocksAlone = List.copyOf(blocksAlone);
        baselines = List.copyOf(baselines);
    }

    /** The baseline of the highest mean accuracy, where there is one. */
    public Optional<BaselineFigures> baseline() {
        return Comparison.better(baselines);
    }
}

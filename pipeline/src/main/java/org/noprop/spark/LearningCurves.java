package org.noprop.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.noprop.data.Artifact;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;
import org.noprop.evaluation.report.LearningCurve;
import org.noprop.training.ArtifactFigures;

/** Reads the blocks' training losses from their metrics.jsonl. */
final class LearningCurves {
    private LearningCurves() {}

    /** The curves of block 1 … T. */
    static List<LearningCurve> of(RunFolder run, int blocks) {
        ObjectMapper mapper = new ObjectMapper();
        return IntStream.rangeClosed(1, blocks)
                .mapToObj(step -> new LearningCurve(
                        step,
                        run.block(step).metrics().stream()
                                .map(line -> loss(mapper, run.block(step), line))
                                .toList()))
                .toList();
    }

    private static double loss(ObjectMapper mapper, Artifact block, String line) {
        try {
            return mapper.readTree(line).path(ArtifactFigures.SQUARED_ERROR).asDouble();
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("Cannot read the metrics of " + block.title() + " in " + block.path(), e);
        }
    }
}

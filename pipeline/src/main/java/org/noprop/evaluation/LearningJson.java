package org.noprop.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;

/** The part of {@link MetricsJson} that tells of {@link LearningProgress}. */
final class LearningJson {
    private LearningJson() {}

    static ObjectNode of(LearningProgress learning) {
        OptionalDouble target = learning.target();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        target.ifPresent(accuracy -> root.put("target-accuracy", accuracy));
        root.put("slots", learning.slots());
        root.set("noprop-with-a-worker-a-block", progress(learning.workerABlock(), target));
        root.set("noprop-on-slots", progress(learning.onSlots(), target));
        learning.baselines().forEach((kind, progress) -> root.set(kind.folder(), progress(progress, target)));
        return root;
    }

    private static ObjectNode progress(Progress progress, OptionalDouble target) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode epochs = node.putArray("epochs");
        progress.epochs().forEach(epochs::add);
        add(node.putArray("accuracy"), progress.accuracy());
        add(node.putArray("seconds"), progress.seconds());
        if (target.isPresent()) {
            progress.secondsTo(target.getAsDouble()).ifPresent(seconds -> node.put("seconds-to-target", seconds));
        }
        return node;
    }

    private static void add(ArrayNode array, List<Double> values) {
        values.forEach(array::add);
    }
}

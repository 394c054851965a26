package org.noprop.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The part of {@link MetricsJson} that tells of {@link Evidence}. */
final class EvidenceJson {
    private EvidenceJson() {}

    /** Adds fewer-blocks, calibration and paths. */
    static void put(ObjectNode root, Evidence evidence) {
        if (!evidence.fewerBlocks().isEmpty()) {
            ArrayNode fewer = root.putArray("fewer-blocks");
            evidence.fewerBlocks()
                    .forEach(used ->
                            fewer.addObject().put("blocks", used.blocks()).put("accuracy", used.accuracy()));
        }
        ObjectNode calibration = root.putObject("calibration");
        put(calibration.putObject("noprop-averaged"), evidence.calibration());
        ObjectNode paths = root.putObject("paths");
        ArrayNode moments = paths.putArray("moments");
        evidence.moments().forEach(moments::add);
        ArrayNode images = paths.putArray("images");
        evidence.paths().forEach(path -> put(images.addObject(), path));
    }

    /** Fills in a calibration. */
    static void put(ObjectNode node, Calibration calibration) {
        node.put("expected-error", calibration.expectedError());
        ArrayNode bins = node.putArray("bins");
        calibration.bins().forEach(bin -> bins.addObject()
                .put("from", bin.from())
                .put("to", bin.to())
                .put("rows", bin.rows())
                .put("confidence", bin.confidence())
                .put("accuracy", bin.accuracy()));
    }

    private static void put(ObjectNode node, ImagePath path) {
        node.put("row", path.row()).put("label", path.label()).put("prediction", path.prediction());
        ArrayNode moments = node.putArray("distances");
        for (float[] moment : path.distances()) {
            ArrayNode distances = moments.addArray();
            for (float distance : moment) {
                distances.add(distance);
            }
        }
    }
}

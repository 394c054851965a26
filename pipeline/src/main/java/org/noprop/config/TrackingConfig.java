package org.noprop.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is told of evaluated runs.
 *
 * @param mlflow address of an MLflow server; empty for nobody
 * @param experiment the experiment there that runs are put in
 */
public record TrackingConfig(Optional<String> mlflow, String experiment) {

    static TrackingConfig read(Settings settings) {
        Optional<String> mlflow = settings.optionalText("mlflow");
        if (mlflow.isPresent() && !mlflow.get().matches("https?://[^\\s/]+.*")) {
            settings.invalid("mlflow", "must be the address of a server such as http://localhost:5000");
        }
        return new TrackingConfig(mlflow, settings.text("experiment"));
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("mlflow", mlflow.orElse(null));
        settings.put("experiment", experiment);
        return settings;
    }
}

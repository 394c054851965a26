package org.noprop.config;

import java.util.Map;

/**
 * How the baseline is trained; batch size and optimiser are those of {@link TrainingConfig}.
 *
 * @param epochs passes over the training rows, at least 1; that of training unless set
 */
public record BaselineConfig(int epochs) {
    static BaselineConfig read(Settings settings, TrainingConfig training) {
        return new BaselineConfig(
                settings.isSet("epochs") ? settings.wholeNumber("epochs", Range.atLeast(1)) : training.epochs());
    }

    Map<String, Object> settings() {
        return Map.of("epochs", epochs);
    }
}

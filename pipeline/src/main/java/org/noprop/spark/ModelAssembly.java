package org.noprop.spark;

import org.noprop.config.InferenceConfig;
import org.noprop.config.NoPropConfig;
import org.noprop.data.EmbeddingDescription;
import org.noprop.data.EmbeddingFolder;
import org.noprop.data.RunFolder;
import org.noprop.inference.InferenceSettings;
import org.noprop.inference.ModelDescription;
import org.noprop.inference.ModelFolder;
import org.noprop.inference.ModelSettings;
import org.noprop.inference.TimeSettings;
import org.noprop.training.TrainingPlan;

/** Assembles the trained parts of a run to a model, as its configuration says that it predicts. */
final class ModelAssembly {
    private ModelAssembly() {}

    /**
     * Writes the run's model.
     *
     * @param plan how it was trained
     * @param embeddings what it was trained on
     * @throws org.noprop.data.InvalidInputException if a part is missing or damaged
     */
    static void write(NoPropConfig config, RunFolder run, TrainingPlan plan, EmbeddingFolder embeddings) {
        EmbeddingDescription data = embeddings.description();
        ModelSettings settings = new ModelSettings(
                plan.method(), plan.labels(), plan.headKind(), plan.image(), time(config), inference(config));
        ModelDescription description =
                new ModelDescription(run.id(), data.shape(), data.classNames(), data.embedder(), data.fingerprint());
        ModelFolder.write(run, settings, description, embeddings.tensors());
    }

    /** Seed, runs and batch size. */
    static InferenceSettings inference(NoPropConfig config) {
        return new InferenceSettings(
                config.run().seed(),
                config.inference().noise(),
                config.inference().runs(),
                config.inference().batchSize());
    }

    /** How continuous time is gone through. */
    static TimeSettings time(NoPropConfig config) {
        InferenceConfig inference = config.inference();
        return new TimeSettings(
                inference.steps(),
                inference
                        .sampler()
                        .map(sampler -> switch (sampler) {
                            case EULER -> TimeSettings.Sampler.EULER;
                            case HEUN -> TimeSettings.Sampler.HEUN;
                            case ANCESTRAL -> TimeSettings.Sampler.ANCESTRAL;
                        })
                        .orElse(TimeSettings.Sampler.EULER));
    }
}

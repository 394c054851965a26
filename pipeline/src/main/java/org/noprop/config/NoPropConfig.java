package org.noprop.config;

/**
 * The whole configuration of a run: HOCON below {@code noprop}, read by ConfigReader. Every
 * record here holds values that have passed their checks.
 */
public record NoPropConfig(
        RunConfig run,
        DataConfig data,
        EmbeddingConfig embedding,
        LabelConfig label,
        DiffusionConfig diffusion,
        NetworkConfig network,
        TrainingConfig training,
        BaselineConfig baseline,
        ResourcesConfig resources,
        InferenceConfig inference,
        EvaluationConfig evaluation,
        TrackingConfig tracking) {

    /** The same with another seed. */
    public NoPropConfig withSeed(long seed) {
        return new NoPropConfig(
                run.withSeed(seed),
                data,
                embedding,
                label,
                diffusion,
                network,
                training,
                baseline,
                resources,
                inference,
                evaluation,
                tracking);
    }

    /** The same with another number of blocks. */
    public NoPropConfig withBlocks(int blocks) {
        return new NoPropConfig(
                run,
                data,
                embedding,
                label,
                diffusion.withBlocks(blocks),
                network,
                training,
                baseline,
                resources,
                inference,
                evaluation,
                tracking);
    }
}

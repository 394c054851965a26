package org.noprop.data;

import java.util.SortedMap;
import org.noprop.tensor.Tensor;

/**
 * Where training can go on from.
 *
 * @param state with the epochs done
 * @param weights by name
 * @param optimiser the optimiser's state by name
 */
public record Checkpoint(ArtifactState state, SortedMap<String, Tensor> weights, SortedMap<String, Tensor> optimiser) {}

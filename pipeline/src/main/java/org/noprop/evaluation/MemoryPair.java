package org.noprop.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What training one block of T takes, beside the baseline of T blocks.
 *
 * @param blocks T
 * @param block one block
 * @param baseline all T, end to end
 */
@JsonIgnoreProperties(value = "ratio", allowGetters = true)
public record MemoryPair(int blocks, SubjectMemory block, SubjectMemory baseline) {
    /** The block's measured bytes as a share of the baseline's. */
    @JsonProperty
    public double ratio() {
        return (double) block.measuredBytes() / baseline.measuredBytes();
    }
}

package org.noprop.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The host's side of arrays, the one place that hands out its addresses. Where a GPU computes, an array lies in two
 * places: its values are brought to the host before they are looked at there, and those that the host writes are
 * marked as the newer ones, so that the next native op takes them to the GPU. Where cores compute, both are one place
 * and this costs nothing.
 */
public final class HostMemory {
    private HostMemory() {}

    /** Where the host finds the array's values, as they are at this moment. */
    public static Pointer of(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        return array.data().addressPointer();
    }

    /** The same of a float32 array. */
    public static FloatPointer floats(INDArray array) {
        return (FloatPointer) of(array);
    }

    /** Says that the host has written into the array; to be called before a native op sees it again. */
    public static void written(INDArray array) {
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }
}

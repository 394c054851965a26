package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuThreadTest {

    /** Devices of these generations, and to which of them threads were attached. */
    private record Imagined(List<ComputeCapability> capabilities, List<Integer> attached) implements GpuDevices {
        static Imagined of(ComputeCapability... capabilities) {
            return new Imagined(List.of(capabilities), new ArrayList<>());
        }

        @Override
        public int count() {
            return capabilities.size();
        }

        @Override
        public ComputeCapability capability(int device) {
            return capabilities.get(device);
        }

        @Override
        public long freeBytes(int device) {
            return 0;
        }

        @Override
        public long totalBytes(int device) {
            return 0;
        }

        @Override
        public void attach(int device) {
            attached.add(device);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, false",
        "3, 5, false",
        "3, 7, true",
        "5, 0, true",
        "7, 5, true",
        "8, 0, true",
        "8, 6, true",
        "8, 9, true",
        "9, 0, false",
        "10, 0, false",
        "12, 0, false",
    })
    void theLibraryRunsOnGenerationsFrom37To89(int major, int minor, boolean supported) {
        assertThat(new ComputeCapability(major, minor).isSupported()).isEqualTo(supported);
    }

    @Test
    void aThreadIsAttachedToTheDeviceOfItsTask() {
        Imagined devices = Imagined.of(new ComputeCapability(8, 0), new ComputeCapability(8, 9));

        GpuThread.attach(devices, 1);

        assertThat(devices.attached()).containsExactly(1);
    }

    @Test
    void aDeviceOfAnotherGenerationIsRefusedBeforeAnythingRunsOnIt() {
        Imagined devices = Imagined.of(new ComputeCapability(9, 0));

        assertThatThrownBy(() -> GpuThread.attach(devices, 0))
                .isInstanceOf(UnsupportedGpuException.class)
                .hasMessage("GPU 0 has compute capability 9.0, and nd4j-cuda-11.6 runs on 3.7 to 8.9 only;"
                        + " use another GPU, or a build without -Pcuda and resources.fallback = cpu");
        assertThat(devices.attached()).isEmpty();
    }

    @Test
    void aDeviceThatCudaDoesNotSeeIsRefused() {
        assertThatThrownBy(() -> GpuThread.attach(Imagined.of(new ComputeCapability(8, 0)), 1))
                .isInstanceOf(UnsupportedGpuException.class)
                .hasMessage("The task was given GPU 1 and CUDA sees 1 GPUs;"
                        + " check the discovery script, and CUDA_VISIBLE_DEVICES");
    }

    @Test
    void onTheCpuBackendNoThreadIsAttachedInSilence() {
        assertThatThrownBy(() -> GpuThread.attach(0))
                .isInstanceOf(UnsupportedGpuException.class)
                .hasMessage("A GPU was asked for and ND4J loaded its CPU backend;"
                        + " build with mvn -Pcuda package, or give resources.fallback = cpu");
    }
}

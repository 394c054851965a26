package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBackendTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, fpu avx avx2 fma avx512f avx512dq, -onednn-avx512",
        "amd64, fpu avx avx2 fma, -onednn-avx2",
        "x86_64, avx2, -onednn-avx2",
        "amd64, '', -onednn-avx2",
        "aarch64, fp asimd, ''",
    })
    void theLibraryFitsTheCpu(String architecture, String flags, String extension) {
        assertThat(NativeBackend.extension(architecture, flags)).isEqualTo(extension);
    }

    @Test
    void aCpuWithoutAvx2IsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NativeBackend.extension("amd64", "fpu sse sse2 avx avx2_like"))
                .withMessage("This CPU has neither AVX2 nor AVX-512, which the native libraries need:"
                        + " run on a newer machine");
    }

    @ParameterizedTest
    @CsvSource({
        "avx2 fma avx512f avx512bw avx512dq avx512vl, SkylakeX",
        "avx2 fma avx512f, Haswell",
        "avx2 fma, Haswell",
        "avx2, auto",
        "'', auto",
    })
    void openBlasIsToldTheKernelsThatTheCpuHas(String flags, String kernels) {
        assertThat(NativeBackend.kernels(flags)).isEqualTo(kernels);
    }

    @Test
    void loadingTwiceGivesTheSameCpuBackend() {
        NativeBackend backend = NativeBackend.load();
        assertThat(NativeBackend.load()).isSameAs(backend);
        assertThat(backend.backend()).isEqualTo("CPU");
        assertThat(backend.threads()).isEqualTo(1);
        assertThat(backend.extension()).isEqualTo(System.getProperty("org.bytedeco.javacpp.platform.extension"));
    }
}

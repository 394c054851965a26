package org.noprop.tensor;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ND4J's native library, chosen for the CPU that this JVM runs on: one jar serves executors of several
 * kinds, and a library for a wider CPU would kill the JVM with an illegal instruction.
 *
 * @param backend ND4J's name of it: CPU or CUDA
 * @param extension of the platform's name, such as -onednn-avx512; empty for CUDA
 * @param blas who computes matrix products
 * @param blasKernels OPENBLAS_CORETYPE in force: the user's where it is set, else ours; "auto" where
 *     OpenBLAS chooses
 * @param threads native threads of one op
 */
public record NativeBackend(String backend, String extension, String blas, String blasKernels, int threads) {
    private static final Logger LOG = LoggerFactory.getLogger(NativeBackend.class);
    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final String KERNELS = "OPENBLAS_CORETYPE";
    private static final String OPENBLAS_CHOOSES = "auto";
    private static final String CUDA = "CUDA";

    /** Holds what was loaded: the JVM runs this once, whichever thread asks first. */
    private static final class Loaded {
        static final NativeBackend BACKEND = loadOnce();

        private Loaded() {}
    }

    /**
     * Loads ND4J if that has not happened, and says what was loaded. Call it before anything else
     * touches ND4J; a {@code org.bytedeco.javacpp.platform.extension} that the user has set stays.
     *
     * @throws IllegalStateException if no library fits the CPU, or ND4J loaded another backend than the
     *     class path promises
     * @throws UnsupportedGpuException if this build is for CUDA, which does not work here
     */
    public static NativeBackend load() {
        try {
            return Loaded.BACKEND;
        } catch (LinkageError e) {
            if (isCudaBuild()) {
                throw new UnsupportedGpuException(
                        "This build computes by CUDA 11.6, which does not load here; check the machine's NVIDIA driver"
                                + " and GPUs, or use a build without -Pcuda",
                        e);
            }
            throw e;
        }
    }

    /** Whether this program was built with -Pcuda. */
    public static boolean isCudaBuild() {
        return NativeBackend.class.getClassLoader().getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    /** Whether it computes on GPUs. */
    public boolean isCuda() {
        return backend.equals(CUDA);
    }

    private static NativeBackend loadOnce() {
        boolean cuda = isCudaBuild();
        String flags = cpuFlags();
        if (!cuda && System.getProperty(EXTENSION) == null) {
            System.setProperty(EXTENSION, extension(System.getProperty("os.arch"), flags));
        }
        String kernels = Optional.ofNullable(System.getenv(KERNELS)).orElseGet(() -> chooseKernels(flags));
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        String backend = String.valueOf(environment.get("backend"));
        String wanted = cuda ? CUDA : "CPU";
        if (!backend.equals(wanted)) {
            throw new IllegalStateException(
                    "ND4J loaded its " + backend + " backend where the class path has " + wanted);
        }
        NativeBackend loaded = new NativeBackend(
                backend,
                cuda ? "" : System.getProperty(EXTENSION),
                String.valueOf(environment.get("blas.vendor")),
                kernels,
                Nd4j.getEnvironment().maxThreads());
        LOG.info("ND4J runs on {}", loaded);
        return loaded;
    }

    /**
     * The extension of the platform's name for a CPU.
     *
     * @param architecture as Java names it
     * @param flags of the CPU, separated by spaces; empty where they are unknown
     * @throws IllegalStateException if no library fits
     */
    static String extension(String architecture, String flags) {
        if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
            return "";
        }
        String padded = " " + flags + " ";
        if (padded.contains(" avx512f ")) {
            return "-onednn-avx512";
        }
        if (padded.contains(" avx2 ") || flags.isEmpty()) {
            return "-onednn-avx2";
        }
        throw new IllegalStateException(
                "This CPU has neither AVX2 nor AVX-512, which the native libraries need: run on a newer machine");
    }

    /**
     * Names the CPU to OpenBLAS, whose release here knows no CPU after 2021 and takes slow kernels for
     * those it does not know: a quarter of the speed on an AMD Zen 5. OpenBLAS reads the environment of
     * the process when it is loaded, which Java cannot change.
     */
    private static String chooseKernels(String flags) {
        String kernels = kernels(flags);
        if (kernels.equals(OPENBLAS_CHOOSES)) {
            return kernels;
        }
        try {
            NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {KERNELS, kernels, 0});
            return kernels;
        } catch (LinkageError unsupported) {
            LOG.warn("Cannot set {}={} from here: set it where the JVM is started", KERNELS, kernels, unsupported);
            return OPENBLAS_CHOOSES;
        }
    }

    /** OpenBLAS' name of the kernels that suit a CPU with these flags. */
    static String kernels(String flags) {
        Set<String> known = new HashSet<>(Arrays.asList(flags.split(" ")));
        if (known.containsAll(Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl"))) {
            return "SkylakeX";
        }
        return known.containsAll(Set.of("avx2", "fma")) ? "Haswell" : OPENBLAS_CHOOSES;
    }

    /** The flags of the first CPU in Linux' /proc/cpuinfo; empty elsewhere. */
    private static String cpuFlags() {
        Path information = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(information)) {
            return "";
        }
        try (var lines = Files.lines(information)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException unreadable) {
            LOG.warn("Cannot read {}: choosing the AVX2 library", information, unreadable);
            return "";
        }
    }
}

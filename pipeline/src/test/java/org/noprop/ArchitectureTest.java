package org.noprop;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.noprop.tensor.HostMemory;

/** Who may import whom: the table in CONTRIBUTING.md. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.noprop");

    /** For each package, the packages of ours that it may import. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("diffusion", List.of()),
            Map.entry("tensor", List.of()),
            Map.entry("label", List.of("diffusion", "tensor")),
            Map.entry("nn", List.of("label", "tensor")),
            Map.entry("network", List.of("diffusion", "label", "nn", "tensor")),
            Map.entry("data", List.of("tensor")),
            Map.entry("embedding", List.of("data", "tensor")),
            Map.entry("training", List.of("diffusion", "label", "nn", "network", "data", "tensor")),
            Map.entry("inference", List.of("diffusion", "label", "nn", "network", "data", "tensor")),
            Map.entry("evaluation", List.of("inference", "training", "data", "diffusion", "label")),
            Map.entry("config", List.of("diffusion")),
            Map.entry(
                    "spark",
                    List.of(
                            "diffusion",
                            "tensor",
                            "label",
                            "nn",
                            "network",
                            "data",
                            "embedding",
                            "training",
                            "inference",
                            "evaluation",
                            "config")));

    @TestFactory
    List<DynamicTest> everyPackageImportsOnlyWhatItMay() {
        return MAY_IMPORT.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> noClasses()
                        .that()
                        .resideInAPackage(inside(entry.getKey()))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden(entry.getKey(), entry.getValue()))
                        .check(CLASSES)))
                .toList();
    }

    @Test
    void everyPackageHasItsPlaceInTheTable() {
        Assertions.assertThat(CLASSES).allSatisfy(type -> Assertions.assertThat(MAY_IMPORT)
                .as("the table for %s", type.getName())
                .containsKey(part(type.getPackageName())));
    }

    @Test
    void theDiffusionMathematicsIsPureJava() {
        classes()
                .that()
                .resideInAPackage(inside("diffusion"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", inside("diffusion"))
                .check(CLASSES);
    }

    @Test
    void onlyTheBaselineByDl4jSparkUsesDl4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.noprop.spark.dl4j..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.deeplearning4j..")
                .check(CLASSES);
    }

    @Test
    void onlyTensorsAndNetworksUseNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("tensor"), inside("network"), "org.noprop.spark.dl4j..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j..")
                .check(CLASSES);
    }

    @Test
    void onlyHostMemoryHandsOutAddressesOfArrays() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(HostMemory.class)
                .should()
                .callMethodWhere(target(name("addressPointer")))
                .check(CLASSES);
    }

    @Test
    void onlyTheSparkPackageUsesSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("spark"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark..")
                .check(CLASSES);
    }

    private static String[] forbidden(String from, List<String> allowed) {
        return MAY_IMPORT.keySet().stream()
                .filter(other -> !other.equals(from) && !allowed.contains(other))
                .map(ArchitectureTest::inside)
                .toArray(String[]::new);
    }

    /** The part below org.noprop that a package belongs to. */
    private static String part(String packageName) {
        String below = packageName.substring("org.noprop.".length());
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static String inside(String part) {
        return "org.noprop." + part + "..";
    }
}

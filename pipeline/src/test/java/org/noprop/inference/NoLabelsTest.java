package org.noprop.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The mistake: the true label fed at evaluation. Here no method can be given one. */
class NoLabelsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.noprop.inference");

    /** A class as an argument would be an int[] or come in a batch or a table that has labels. */
    @Test
    void noMethodTakesLabelsOrWhatHoldsThem() {
        Set<String> suspicious = CLASSES.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> !method.getName().equals("mostProbable"))
                .flatMap(method -> method.getRawParameterTypes().stream())
                .map(JavaClass::getName)
                .filter(NoLabelsTest::mayHoldLabels)
                .collect(Collectors.toSet());
        assertThat(suspicious).isEmpty();
    }

    @Test
    void imagesHaveNoLabelToAskFor() {
        assertThat(CLASSES.get(ImageRows.class).getMethods().stream().map(JavaMethod::getName))
                .containsExactlyInAnyOrder("rows", "width", "id", "copyRow");
    }

    @Test
    void inferenceNeverTrainsNorReadsTrainingBatches() {
        noMethods()
                .that()
                .haveName("trainStep")
                .should()
                .beDeclaredInClassesThat()
                .resideInAPackage("org.noprop.inference")
                .allowEmptyShould(true)
                .check(CLASSES);
        Set<String> used = CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getSimpleName())
                .collect(Collectors.toSet());
        assertThat(used).contains("BlockNetwork").doesNotContain("BlockBatch", "BaselineBatch", "EmbeddingTable");
    }

    private static boolean mayHoldLabels(String type) {
        return type.equals("[I") || type.endsWith("Batch") || type.endsWith("EmbeddingTable");
    }
}

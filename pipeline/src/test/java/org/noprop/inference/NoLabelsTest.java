package org.noprop.inference;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.noprop.data.EmbeddingTable;
import org.noprop.network.Batch;

/** The mistake: the true label fed at evaluation. Here no method can be given one. */
class NoLabelsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.noprop.inference");

    /** A class as an argument would be an int[] or come in a batch or a table that has labels. */
    @Test
    void noMethodTakesLabelsOrWhatHoldsThem() {
        Set<String> suspicious = CLASSES.stream()
                .filter(type -> !type.isEquivalentTo(TableRows.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> !method.getName().equals("mostProbable"))
                .flatMap(method -> method.getRawParameterTypes().stream())
                .map(JavaClass::getName)
                .filter(NoLabelsTest::mayHoldLabels)
                .collect(Collectors.toSet());
        assertThat(suspicious).isEmpty();
    }

    /** TableRows hides a table's labels, and asks for none itself. */
    @Test
    void noClassAsksATableForALabel() {
        noClasses()
                .should()
                .callMethod(EmbeddingTable.class, "label", int.class)
                .check(CLASSES);
    }

    @Test
    void imagesHaveNoLabelToAskFor() {
        assertThat(CLASSES.get(ImageRows.class).getMethods().stream().map(JavaMethod::getName))
                .containsExactlyInAnyOrder("rows", "width", "id", "copyRow");
    }

    @Test
    void inferenceNeverTrains() {
        noClasses().should().callMethodWhere(target(name("trainStep"))).check(CLASSES);
        noClasses().should().dependOnClassesThat().areAssignableTo(Batch.class).check(CLASSES);
    }

    private static boolean mayHoldLabels(String type) {
        return type.equals("[I") || type.endsWith("Batch") || type.endsWith("EmbeddingTable");
    }
}

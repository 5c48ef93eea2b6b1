package dev.tapedeck.composer.io.media;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LibavBorderTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.tapedeck.composer");

  @Test
  void nativeCodeIsCalledInOnePackage() {
    noClasses().that().resideOutsideOfPackage("dev.tapedeck.composer.io.media")
        .should().dependOnClassesThat().resideInAPackage("org.bytedeco..").check(CLASSES);
  }
}

package dev.tapedeck.protocol.border;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;

/**
 * The border of core and io, the same in every program: core never sees a socket, file, thread, clock, random source or log.
 * {@code docs/architecture.md} says why.
 */
public final class CoreBorder {
  /** What core may not see; a socket's address is only a value. */
  public static final DescribedPredicate<JavaClass> OUTSIDE_WORLD = resideInAnyPackage(
      "java.nio.channels..", "java.nio.file..", "java.util.concurrent..", "io.netty..", "org.slf4j..")
      .or(nameMatching("java\\.lang\\.Thread(\\$.*)?"))
      .or(nameMatching("java\\.io\\.(File|RandomAccessFile).*"))
      .or(resideInAPackage("java.net..").and(DescribedPredicate.not(
          nameMatching("java\\.net\\.(Inet[46]?Address|InetSocketAddress|SocketAddress|UnknownHostException)"))))
      .as("sockets, files, threads, locks and logs");

  private CoreBorder() {}

  /** The classes of some packages, without their tests and without what other modules lend to tests. */
  public static JavaClasses classesOf(String... packages) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(packages);
  }

  /** Fails when {@code <program>.core} does what it may not, or knows the {@code io} of its program. */
  public static void check(String program, JavaClasses classes) {
    String core = program + "..core..";
    assertThat(classes.stream().filter(resideInAPackage(core))).as("classes of %s", core).hasSizeGreaterThan(20);
    rules(core).forEach(rule -> rule.check(classes));
    noClasses().that().resideInAPackage(core)
        .should().dependOnClassesThat().resideInAnyPackage(program + ".io..", program)
        .check(classes);
  }

  static List<ArchRule> rules(String core) {
    return List.of(
        noClasses().that().resideInAPackage(core).should().dependOnClassesThat(OUTSIDE_WORLD),
        noClasses().that().resideInAPackage(core).should().callMethod(System.class, "nanoTime"),
        noClasses().that().resideInAPackage(core).should().callMethod(System.class, "currentTimeMillis"),
        noClasses().that().resideInAPackage(core).should().callMethod(Instant.class, "now"),
        noClasses().that().resideInAPackage(core).should().callMethod(Math.class, "random"));
  }
}

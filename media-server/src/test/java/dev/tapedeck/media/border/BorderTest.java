package dev.tapedeck.media.border;

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
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The border of core and io: core never sees a socket, file, thread, clock, random source or log, and each library is
 * imported in one place. {@code docs/architecture.md} says why.
 */
class BorderTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .withImportOption(BorderTest::isNoTestJar)
      .importPackages("dev.tapedeck.media", "dev.tapedeck.protocol");

  private static final JavaClasses OFFENDER =
      new ClassFileImporter().importPackages("dev.tapedeck.media.border.core");

  private static final String CORE = "dev.tapedeck.media..core..";

  private static final DescribedPredicate<JavaClass> OUTSIDE_WORLD = resideInAnyPackage(
      "java.nio.channels..", "java.nio.file..", "java.util.concurrent..", "io.netty..", "org.slf4j..")
      .or(nameMatching("java\\.lang\\.Thread(\\$.*)?"))
      .or(nameMatching("java\\.io\\.(File|RandomAccessFile).*"))
      .or(resideInAPackage("java.net..").and(DescribedPredicate.not(
          nameMatching("java\\.net\\.(Inet[46]?Address|InetSocketAddress|SocketAddress|UnknownHostException)"))))
      .as("sockets, files, threads, locks and logs");

  private static final List<ArchRule> CORE_RULES = List.of(
      noClasses().that().resideInAPackage(CORE).should().dependOnClassesThat(OUTSIDE_WORLD),
      noClasses().that().resideInAPackage(CORE).should().callMethod(System.class, "nanoTime"),
      noClasses().that().resideInAPackage(CORE).should().callMethod(System.class, "currentTimeMillis"),
      noClasses().that().resideInAPackage(CORE).should().callMethod(Instant.class, "now"),
      noClasses().that().resideInAPackage(CORE).should().callMethod(Math.class, "random"));

  private static boolean isNoTestJar(Location location) {
    return !location.contains("-tests.jar");
  }

  @Test
  void coreKeepsToItself() {
    CORE_RULES.forEach(rule -> rule.check(CLASSES));
  }

  @Test
  void everyRuleOfTheCoreFindsItsOffender() {
    assertThat(CORE_RULES).allMatch(rule -> rule.evaluate(OFFENDER).hasViolation());
    assertThat(CORE_RULES.getFirst().evaluate(OFFENDER).getFailureReport().getDetails().toString())
        .contains("DatagramSocket", "DatagramChannel", "Files", "Thread", "ConcurrentHashMap", "LoggerFactory");
  }

  @Test
  void coreDoesNotKnowIo() {
    noClasses().that().resideInAPackage(CORE)
        .should().dependOnClassesThat().resideInAnyPackage("dev.tapedeck.media.io..", "dev.tapedeck.media")
        .check(CLASSES);
  }

  @Test
  void thePacketsOfProtocolKnowNoOutsideWorld() {
    noClasses().that().resideInAnyPackage("dev.tapedeck.protocol.rtp..", "dev.tapedeck.protocol.codec..",
            "dev.tapedeck.protocol.chunk..", "dev.tapedeck.protocol.id..", "dev.tapedeck.protocol.manifest..")
        .should().dependOnClassesThat(OUTSIDE_WORLD)
        .check(CLASSES);
  }

  /** In the third column where the library may be used: a package below {@code dev.tapedeck}, or the main classes. */
  @ParameterizedTest
  @CsvSource({
    "Bouncy Castle, org.bouncycastle.., media.io.dtls..",
    "jitsi-srtp,    org.jitsi.srtp..,   media.io.crypto..",
    "ice4j,         org.ice4j..,        media.io.net..",
    "grpc,          io.grpc..,          media.io.connector..",
    "Javalin,       io.javalin..,       media.io.http..",
    "picocli,       picocli..,          none",
    "AWS SDK,       software.amazon.awssdk.., media.io.store..",
    "java-jwt,      com.auth0.jwt..,    protocol.token.."
  })
  void eachLibraryIsImportedInOnePlace(String library, String classes, String place) {
    DescribedPredicate<JavaClass> allowed = resideInAPackage("dev.tapedeck." + place)
        .or(resideInAPackage("dev.tapedeck.protocol.wire.."))
        .or(resideInAPackage("dev.tapedeck.media").and(isMain(library)));
    noClasses().that(DescribedPredicate.not(allowed))
        .should().dependOnClassesThat().resideInAPackage(classes)
        .as(library + " is used only in " + place)
        .check(CLASSES);
  }

  /** Main classes put things together: they parse the command line and start the HTTP server. */
  private static DescribedPredicate<JavaClass> isMain(String library) {
    return library.equals("Javalin") || library.equals("picocli")
        ? DescribedPredicate.alwaysTrue()
        : DescribedPredicate.alwaysFalse();
  }

  @Test
  void thereIsSomethingToCheck() {
    assertThat(CLASSES.stream().filter(resideInAPackage(CORE))).hasSizeGreaterThan(100);
    assertThat(CLASSES.contain(BorderTest.class)).as("tests are not held to the border").isFalse();
  }
}

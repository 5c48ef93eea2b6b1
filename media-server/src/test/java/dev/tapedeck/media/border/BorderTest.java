package dev.tapedeck.media.border;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.tapedeck.protocol.border.CoreBorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The border of core and io, and each library imported in one place. {@code docs/architecture.md} says why.
 */
class BorderTest {
  private static final JavaClasses CLASSES = CoreBorder.classesOf("dev.tapedeck.media", "dev.tapedeck.protocol");

  @Test
  void coreKeepsToItself() {
    CoreBorder.check("dev.tapedeck.media", CLASSES);
  }

  @Test
  void thePacketsOfProtocolKnowNoOutsideWorld() {
    noClasses().that().resideInAnyPackage("dev.tapedeck.protocol.rtp..", "dev.tapedeck.protocol.codec..",
            "dev.tapedeck.protocol.chunk..", "dev.tapedeck.protocol.id..", "dev.tapedeck.protocol.manifest..")
        .should().dependOnClassesThat(CoreBorder.OUTSIDE_WORLD)
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
    assertThat(CLASSES.stream().filter(resideInAPackage("dev.tapedeck.media..core.."))).hasSizeGreaterThan(100);
    assertThat(CLASSES.contain(BorderTest.class)).as("tests are not held to the border").isFalse();
  }
}

package dev.tapedeck.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.config.Redacted;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicBindTest {
  @Test
  void onlyLoopbackIsPrivate() {
    assertThat(List.of("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"))
        .noneMatch(PublicBind::isPublic);
    assertThat(List.of("0.0.0.0", "::", "10.0.0.1", "192.0.2.1", "fe80::1", "media.example.com",
        "127.0.0.1.example.com")).allMatch(PublicBind::isPublic);
  }

  @Test
  void refusesASecretThatCanBeGuessedAndDoesNotTellIt() {
    List<Redacted> long32 = List.of(Redacted.of("é".repeat(16)));
    PublicBind.requireLongSecrets("--public", "acme", long32);

    assertThatThrownBy(() -> PublicBind.requireLongSecrets("--public", "acme",
        List.of(long32.getFirst(), Redacted.of("x".repeat(31)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("apps.acme.secrets holds one of 31 bytes; with --public give 32 or more");
  }
}

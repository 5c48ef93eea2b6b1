package dev.tapedeck.connector.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** */
class AdminKeysTest {
  private static final String SECRET = "the-secret-of-the-app-is-this-one";
  private static final String OLD = "an-old-key-of-the-administrators";
  private static final String NEXT = "the-next-key-of-the-administrators";
  private static final Apps APPS = Apps.of(Map.of("acme", List.of(Redacted.of(SECRET))));

  @Test
  void knowsEachKeyThatIsInForceAndTellsThemApart() {
    AdminKeys keys = keys("acme", OLD, NEXT);
    assertThat(keys.owner(OLD).orElseThrow().app()).isEqualTo("acme");
    assertThat(keys.owner(NEXT).orElseThrow().fingerprint()).hasSize(8)
        .isNotEqualTo(keys.owner(OLD).orElseThrow().fingerprint());
    assertThat(keys.owner(SECRET)).isEmpty();
    assertThat(keys.owner("")).isEmpty();
    assertThat(keys.owner(OLD.substring(1))).isEmpty();
  }

  @Test
  void refusesKeysThatGuardNothing() {
    assertThatThrownBy(() -> keys("acme", "short")).hasMessageContaining("apps.acme.admin-keys holds one of 5 bytes");
    assertThatThrownBy(() -> keys("acme", SECRET)).hasMessageContaining("the secret of an app")
        .hasMessageNotContaining(SECRET);
    assertThatThrownBy(() -> keys("nobody", OLD)).hasMessageContaining("apps.nobody.admin-keys");
    assertThatThrownBy(() -> AdminKeys.of(Map.of("acme", Collections.nCopies(5, Redacted.of(OLD))), APPS))
        .hasMessageContaining("at most 4");
  }

  @Test
  void refusesAKeyThatTwoAppsHave() {
    Apps apps = Apps.of(Map.of("acme", List.of(Redacted.of(SECRET)), "other", List.of(Redacted.of(SECRET + "2"))));
    assertThatThrownBy(() -> AdminKeys.of(Map.of("acme", List.of(Redacted.of(OLD), Redacted.of(NEXT)),
        "other", List.of(Redacted.of(NEXT))), apps))
        .hasMessageContaining(".admin-keys holds a key of apps.").hasMessageNotContaining(NEXT);
  }

  private static AdminKeys keys(String app, String... keys) {
    return AdminKeys.of(Map.of(app, List.of(keys).stream().map(Redacted::of).toList()), APPS);
  }
}

package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigKeys;
import dev.tapedeck.protocol.config.ConfigSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComposerConfigTest {
  private static final List<String> ALL = List.of("--http.host=::1", "--http.port=1", "--composer.store=s",
      "--composer.transmux-store=t", "--composer.compose-store=c", "--composer.data=d", "--composer.concurrency=2",
      "--composer.lease=2s", "--composer.finalized-wait=3s", "--composer.first-chunk-wait=4s", "--composer.poll=5s",
      "--composer.max-attempts=6", "--composer.max-waiting=7", "--connector.url=http://c",
      "--apps.acme.secrets=a,b", "--apps.acme.store-uri=o", "--outbound.allow=10.0.0.0/8,fd00::/8");

  @Test
  void pinsEveryDefault() {
    assertThat(ConfigKeys.of(ComposerConfig.class).stream().map(key -> key.pattern() + "=" + key.defaultValue()))
        .containsExactly("http.host=127.0.0.1", "http.port=3200", "composer.store=", "composer.transmux-store=",
            "composer.compose-store=", "composer.data=data/composer", "composer.concurrency=1", "composer.lease=30s",
            "composer.finalized-wait=10m", "composer.first-chunk-wait=1m", "composer.poll=2s",
            "composer.max-attempts=3", "composer.max-waiting=1000", "connector.url=", "apps.<name>.secrets=",
            "apps.<name>.store-uri=", "outbound.allow=");
  }

  @Test
  void takesEveryKey() throws ConfigException {
    assertThat(ALL).hasSameSizeAs(ConfigKeys.of(ComposerConfig.class));

    Config config = Config.load(ConfigSource.of("", Map.of(), ALL), ComposerConfig.class);

    assertThat(config.get(ComposerConfig.class).toString()).contains("host=::1", "port=1", "data=d", "concurrency=2",
        "PT2S", "PT3S", "PT4S", "PT5S", "maxAttempts=6", "maxWaiting=7", "http://c", "10.0.0.0/8").contains("****");
    assertThat(config.get(ComposerConfig.class).apps().get("acme").secrets()).hasSize(2);
  }

  @Test
  void namesEveryKeyThatIsOutOfRange() {
    assertThatThrownBy(() -> Config.load(ConfigSource.of("", Map.of(), List.of("--apps.acme.secrets=a",
        "--composer.lease=2h", "--composer.finalized-wait=8d", "--composer.poll=1ms", "--composer.max-waiting=0")),
        ComposerConfig.class)).hasMessage(String.join(System.lineSeparator(),
            "composer.lease is 7200 s; give 1 s to 3600 s",
            "composer.finalized-wait is 691200 s; give 0 s to 604800 s",
            "composer.poll is 1 ms; give 10 ms to 3600 s",
            "composer.max-waiting is 0; give 1 to 1000000"));
  }

  @Test
  void refusesWhatCannotWork() {
    for (String flag : List.of("--composer.concurrency=0", "--composer.lease=10ms", "--http.port=70000",
        "--composer.poll=0s", "--composer.max-attempts=0", "--composer.stor=x")) {
      List<String> flags = List.of(flag, "--apps.acme.secrets=a");
      assertThatThrownBy(() -> Config.load(ConfigSource.of("", Map.of(), flags), ComposerConfig.class)).as(flag)
          .isInstanceOf(ConfigException.class);
    }
    assertThatThrownBy(() -> Config.load(ConfigSource.of("", Map.of(),
        List.of("--http.host=0.0.0.0", "--apps.acme.secrets=short")), ComposerConfig.class))
        .isInstanceOf(ConfigException.class).hasMessageContaining("with http.host 0.0.0.0 give 32 or more");
    assertThatThrownBy(() -> Config.load(ConfigSource.of("", Map.of(), List.of()), ComposerConfig.class))
        .isInstanceOf(ConfigException.class).hasMessageContaining("apps");
  }
}

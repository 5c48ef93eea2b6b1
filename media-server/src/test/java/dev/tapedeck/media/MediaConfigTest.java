package dev.tapedeck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.sctp.SctpLimits;
import dev.tapedeck.media.io.spool.Durability;
import dev.tapedeck.protocol.config.ByteSize;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigKeys;
import dev.tapedeck.protocol.config.ConfigSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaConfigTest {
  private static final List<String> ALL = List.of("--data=d", "--apps.acme.secrets=a,b", "--http.host=::1",
      "--http.port=1", "--media.workers=2", "--media.port=3", "--media.addresses=10.0.0.1,10.0.0.2",
      "--media.advertise=192.0.2.1", "--media.loopback=false", "--media.nio=true", "--media.crypto=portable",
      "--media.packet-slots=2048", "--media.flush-window=2ms", "--media.max-sessions=4", "--media.connect-timeout=5s",
      "--media.consent-timeout=6s", "--room.destroy-after=7s", "--record.grace=8s", "--record.durability=always",
      "--record.commit-interval=9s", "--record.chunk-age=10s", "--record.chunk-size=11MiB",
      "--record.memory-budget=12MiB", "--record.disk-budget=13MiB", "--record.uploads=14", "--node.id=15",
      "--node.connector=c:16", "--node.secret=hush",
      "--apps.acme.store-uri=http://k:hush@h/acme", "--record.store-uri=http://k:hush@h/all",
      "--record.slab-memory=17MiB",
      "--record.upload-timeout=18s", "--record.drain=19s", "--node.drain=20s",
      "--limits.sessions=21", "--limits.app-sessions=22", "--limits.rooms=23", "--limits.room-sessions=24",
      "--limits.session-tracks=25", "--limits.session-labels=26", "--limits.room-labels=27",
      "--limits.message-size=28KiB", "--limits.session-requests=29", "--limits.session-data=30MiB", "--limits.session-deliveries=31",
      "--limits.address-requests=32", "--limits.app-requests=33", "--limits.proxies=10.0.0.3",
      "--sctp.message-size=34KiB", "--sctp.send-buffer=35MiB", "--sctp.receive-buffer=36MiB", "--sctp.channels=37", "--tokens.single-use=true");

  @Test
  void takesEveryKey() throws ConfigException {
    assertThat(ConfigKeys.of(MediaConfig.class)).allSatisfy(key -> assertThat(ALL)
        .anyMatch(flag -> flag.matches("--" + key.pattern().replace("<name>", "acme") + "=.*")));

    MediaConfig config = load(ALL);

    assertThat(config.apps().get("acme").secrets()).hasSize(2);
    assertThat(config.http()).isEqualTo(new MediaConfig.Http("::1", 1));
    assertThat(config.media().effectiveWorkers()).isEqualTo(2);
    assertThat(config.media().addresses()).containsExactly("10.0.0.1", "10.0.0.2");
    assertThat(config.media().flushWindow()).isEqualTo(Duration.ofMillis(2));
    assertThat(config.record().durability()).isEqualTo(Durability.ALWAYS);
    assertThat(config.record().memoryBudget()).isEqualTo(ByteSize.ofMebibytes(12));
    assertThat(config.node().connector()).contains("c:16");
    assertThat(config.limits().limits()).isEqualTo(
        new Limits(21, 22, 23, 24, 25, 26, 27, 28 << 10, 29, 30 << 20, 31, 32, 33));
    assertThat(config.limits().proxies()).containsExactly("10.0.0.3");
    assertThat(config.sctp().limits()).isEqualTo(
        new SctpLimits(1150, 34 << 10, 35 << 20, 36 << 20, 1024, 37, 1024, 64 << 10));
    assertThat(config.tokens().singleUse()).isTrue();
    assertThat(config.toString()).doesNotContain("hush");
  }

  @Test
  void hasTheseDefaults() throws ConfigException {
    MediaConfig config = load(List.of());

    assertThat(config.http()).isEqualTo(new MediaConfig.Http("127.0.0.1", 8081));
    assertThat(config.media().connectTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.media().consentTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.media().flushWindow()).isEqualTo(Duration.ofMillis(1));
    assertThat(config.room().destroyAfter()).isEqualTo(Duration.ofSeconds(120));
    assertThat(config.record().grace()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.record().drain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.record().durability()).isEqualTo(Durability.INTERVAL);
    assertThat(config.record().commitInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.record().chunkAge()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.record().chunkSize()).isEqualTo(ByteSize.ofMebibytes(8));
    assertThat(config.record().memoryBudget()).isEqualTo(ByteSize.ofMebibytes(256));
    assertThat(config.node().id()).isEqualTo(1);
    assertThat(config.node().drain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.apps()).isEmpty();
    assertThat(config.limits().limits()).isEqualTo(Limits.defaults());
    assertThat(config.limits().proxies()).isEmpty();
    assertThat(config.sctp().limits()).isEqualTo(SctpLimits.defaults());
    assertThat(config.tokens().singleUse()).isFalse();
  }

  @Test
  void namesTheKeyThatCannotBe() {
    assertThatThrownBy(() -> load(List.of("--http.port=70000", "--media.workers=300")))
        .hasMessage("http.port is 70000; give 0 to 65535" + System.lineSeparator()
            + "media.workers is 300; give 0 to 256");
  }

  @Test
  void namesEveryKeyThatIsOutOfRange() {
    assertThatThrownBy(() -> load(List.of("--media.flush-window=1s", "--media.connect-timeout=0s",
        "--media.consent-timeout=1s", "--room.destroy-after=2d", "--record.grace=25h", "--record.commit-interval=5ms",
        "--record.chunk-age=1ms", "--record.chunk-size=3GiB", "--record.slab-memory=1KiB", "--record.memory-budget=1KiB",
        "--record.disk-budget=2000TiB", "--record.uploads=0", "--record.upload-timeout=0s", "--node.id=4294967296",
        "--node.drain=2d", "--limits.session-tracks=0", "--limits.message-size=1MiB",
        "--limits.proxies=10.0.0.1,fd00::1,proxy.example,10.0.0.0/8,10.0.0.1:80", "--sctp.channels=65536")))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).containsExactlyInAnyOrder(
            "media.flush-window is 1 s; give 0 s to 100 ms",
            "media.connect-timeout is 0 s; give 1 s to 300 s",
            "media.consent-timeout is 1 s; give 5 s to 600 s",
            "room.destroy-after is 172800 s; give 100 ms to 86400 s",
            "record.grace is 90000 s; give 0 s to 86400 s",
            "record.commit-interval is 5 ms; give 10 ms to 60 s",
            "record.chunk-age is 1 ms; give 250 ms to 3600 s",
            "record.chunk-size is 3 GiB; give 256 KiB to 1 GiB",
            "record.slab-memory is 1 KiB; give 1 MiB to 1 TiB",
            "record.memory-budget is 1 KiB; give 256 KiB to 1 TiB",
            "record.disk-budget is 2000 TiB; give 0 B to 1024 TiB",
            "record.uploads is 0; give 1 to 64",
            "record.upload-timeout is 0 s; give 1 s to 3600 s",
            "node.id is 4294967296; give 0 to 4294967295",
            "node.drain is 172800 s; give 0 s to 86400 s",
            "limits.session-tracks is 0; give 1 to 1000",
            "limits.message-size is 1 MiB; give 1 KiB to 256 KiB",
            "limits.proxies holds proxy.example; give single IP addresses, not host names or networks",
            "limits.proxies holds 10.0.0.0/8; give single IP addresses, not host names or networks",
            "limits.proxies holds 10.0.0.1:80; give single IP addresses, not host names or networks",
            "sctp.channels is 65536; give 1 to 65535"));
  }

  @Test
  void wantsLongSecretsWhereOthersReachIt() throws ConfigException {
    assertThatThrownBy(() -> load(List.of("--http.host=0.0.0.0", "--apps.acme.secrets=short")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("apps.acme.secrets holds one of 5 bytes; with http.host 0.0.0.0 give 32 or more");
    assertThat(load(List.of("--http.host=0.0.0.0", "--apps.acme.secrets=" + "s".repeat(32))).apps()).hasSize(1);
    assertThat(load(List.of("--apps.acme.secrets=short")).apps()).hasSize(1);
  }

  private static MediaConfig load(List<String> flags) throws ConfigException {
    return Config.load(ConfigSource.of("", Map.of(), flags), MediaConfig.class).get(MediaConfig.class);
  }
}

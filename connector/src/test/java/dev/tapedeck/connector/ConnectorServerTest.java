package dev.tapedeck.connector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConnectorServerTest {
  @TempDir Path folder;

  @Test
  void startsFromAFolderAndAStore() throws Exception {
    try (RealStore real = new RealStore(folder.resolve("store"));
        ConnectorServer server = ConnectorServer.start(config("--store.uri=" + real.uriText(), "--grpc.port=0"))) {
      assertThat(server.link().port()).isPositive();
      assertThat(server.apps().ids()).containsExactly("default");
      assertThat(server.metrics().scrape()).contains("tapedeck_nodes_attached", "tapedeck_hook_deliveries_pending",
          "tapedeck_hook_deliveries_dead", "tapedeck_recordings_finalize_overdue", "tapedeck_ledger_chunks_open",
          "tapedeck_ledger_chunks_lost", "tapedeck_recordings{state=\"closing\"}");
      assertThat(Files.exists(folder.resolve("data/connector.db"))).isTrue();
    }
  }

  @Test
  void stopsTheStartWithTheReason() throws Exception {
    try (RealStore real = new RealStore(folder.resolve("store"))) {
      refused("store.uri", "--store.uri=nonsense");
      refused("bucket", "--store.uri=" + real.uriText().replace("/tapes/", "/nothing/"));
      refused("apps.default.store-uri", "--store.uri=" + real.uriText(), "--apps.default.store-uri=nonsense");
      refused("bucket", "--store.uri=" + real.uriText(),
          "--apps.default.store-uri=" + real.uriText().replace("/tapes/", "/nothing/"));
      refused("database.url", "--store.uri=" + real.uriText(), "--database.url=mysql://x");
      refused("hooks.h.app", "--store.uri=" + real.uriText(), "--hooks.h.app=nobody", "--hooks.h.url=http://x/");
    }
  }

  /** One line at the end, no stack trace, and an exit code that says it. */
  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (RealStore real = new RealStore(folder.resolve("store"));
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThat(saidAtStart("--store.uri=" + real.uriText(), "--http.port=" + port, "--grpc.port=0"))
          .startsWith("http.port is " + port + ", which cannot be listened on: ").contains("--http.port=PORT");
      assertThat(saidAtStart("--store.uri=" + real.uriText(), "--http.port=0", "--grpc.port=" + port))
          .startsWith("grpc.port is " + port + ", which cannot be listened on: ").contains("--grpc.port=PORT");
    }
  }

  private String saidAtStart(String... flags) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      String[] all = Stream.concat(Stream.of("--data=" + folder.resolve("data")), Stream.of(flags)).toArray(String[]::new);
      assertThat(new CommandLine(new Connector()).execute(all)).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(UTF_8)).doesNotContainPattern("(?m)^\\s+at ");
    return said.toString(UTF_8).lines().toList().getLast();
  }

  /** A data folder that was there before, open to all, does not open what lies in it. */
  @Test
  void closesItsDatabaseToOthers() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.createFile(data.resolve("connector.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (RealStore real = new RealStore(folder.resolve("store"));
        ConnectorServer server = ConnectorServer.start(config("--store.uri=" + real.uriText(), "--grpc.port=0"))) {
      assertThat(server.link().port()).isPositive();
      for (String name : List.of("connector.db", "connector.db-wal", "connector.db-shm")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name)))).as(name)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void drawsSecretsOnceForItsOwnerAlone() throws IOException {
    Secrets first = Secrets.loadOrCreate(folder.resolve("data"), new SecureRandom());
    Secrets again = Secrets.loadOrCreate(folder.resolve("data"), new SecureRandom());
    Path file = folder.resolve("data/secrets");

    assertThat(again).isEqualTo(first);
    assertThat(first.app().reveal()).hasSize(64).isNotEqualTo(first.node().reveal());
    assertThat(first.toString()).doesNotContain(first.app().reveal());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Secrets.loadOrCreate(folder.resolve("data"), new SecureRandom()))
        .hasMessageContaining("chmod 600");
  }

  @Test
  void hasTheseDefaults() throws ConfigException {
    ConnectorConfig config = Config.load(ConfigSource.of("", Map.of(), List.of()), ConnectorConfig.class)
        .get(ConnectorConfig.class);

    assertThat(config.data()).isEqualTo("data");
    assertThat(config.nodeId()).isZero();
    assertThat(config.isPublic()).isFalse();
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.http().publicUrl()).isEmpty();
    assertThat(config.grpc().port()).isEqualTo(9090);
    assertThat(config.database().url()).isEmpty();
    assertThat(config.store().uploadValidity()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.store().publicEndpoint()).isEmpty();
    assertThat(config.room().destroyAfter()).isEqualTo(Duration.ofSeconds(120));
    assertThat(config.recording().nodeLost()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.recording().uploadTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.recording().crashTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.events().keep()).isEqualTo(Duration.ofDays(30));
    assertThat(config.outbound().allow()).isEmpty();
    assertThat(config.apps()).isEmpty();
    assertThat(config.hooks()).isEmpty();
  }

  @Test
  void takesEveryKey() throws Exception {
    ConnectorConfig config = config("--node-id=4", "--public", "--http.port=1", "--http.public-url=https://x",
        "--grpc.port=2", "--database.url=sqlite:x", "--store.uri=http://u:p@h/bucket", "--store.public-endpoint=https://s",
        "--store.upload-validity=5 m", "--room.destroy-after=1 s", "--recording.node-lost=2 s",
        "--recording.upload-timeout=3 s", "--recording.crash-timeout=4 s", "--events.keep=2 d",
        "--outbound.allow=127.0.0.1, ::1",
        "--apps.acme.secrets=" + "s".repeat(32), "--hooks.h.app=acme", "--hooks.h.url=http://x/", "--hooks.h.secret=y",
        "--hooks.h.style=proto3", "--hooks.h.events=record, room.stopped");

    assertThat(config.nodeId()).isEqualTo(4);
    assertThat(config.isPublic()).isTrue();
    assertThat(config.recording().crashTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.outbound().allow()).containsExactly("127.0.0.1", "::1");
    assertThat(config.events().keep()).isEqualTo(Duration.ofDays(2));
    assertThat(config.apps().get("acme").secrets()).hasSize(1);
    assertThat(config.hooks().get("h").style()).isEqualTo(HookStyle.PROTO3);
    assertThat(config.hooks().get("h").events()).containsExactly("record", "room.stopped");
    assertThat(config.toString()).doesNotContain("u:p@", "sss");
  }

  @Test
  void refusesValuesOutOfRange() {
    for (List<String> flags : List.of(List.of("--public", "--apps.acme.secrets=short"), List.of("--http.port=70000"),
        List.of("--store.upload-validity=1 h"), List.of("--room.destroy-after=0 s"), List.of("--hooks.h.app=acme"),
        List.of("--events.keep=24 h"), List.of("--node-id=-1"), List.of("--recording.node-lsot=1 s"))) {
      assertThatThrownBy(() -> config(flags.toArray(String[]::new))).isInstanceOf(ConfigException.class);
    }
  }

  @Test
  void namesEveryKeyThatIsOutOfRange() {
    assertThatThrownBy(() -> config("--recording.node-lost=0s", "--recording.upload-timeout=8d", "--grpc.port=65536"))
        .hasMessage(String.join(System.lineSeparator(), "grpc.port is 65536; give 0 to 65535",
            "recording.node-lost is 0 s; give 1 s to 3600 s", "recording.upload-timeout is 691200 s; give 1 s to 604800 s"));
  }

  private void refused(String reason, String... flags) {
    assertThatThrownBy(() -> ConnectorServer.start(config(flags)).close()).hasMessageContaining(reason);
  }

  private ConnectorConfig config(String... flags) throws ConfigException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--data=" + folder.resolve("data"));
    return Config.load(ConfigSource.of("", Map.of(), all), ConnectorConfig.class).get(ConnectorConfig.class);
  }
}

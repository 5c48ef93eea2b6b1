package dev.tapedeck.connector;

import dev.tapedeck.connector.core.hook.HookStyle;
import dev.tapedeck.protocol.config.EnvironmentPrefix;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.config.Setting;
import dev.tapedeck.protocol.token.PublicBind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything an operator can set about the connector. */
@EnvironmentPrefix("CONNECTOR_")
public record ConnectorConfig(
    @Setting(value = "data", help = "Folder for secrets and the default database.") String data,
    @Setting(value = "0", help = "Number of this connector, told with events of rooms, 0 to 4294967295.") long nodeId,
    @Setting(value = "false", help = "Listen for everybody, not for this machine alone.", name = "public")
        boolean isPublic,
    Http http,
    Grpc grpc,
    Db database,
    Store store,
    Room room,
    Recording recording,
    Events events,
    Outbound outbound,
    Map<String, App> apps,
    Map<String, HookConfig> hooks) {
  private static final int MAX_PORT = 65_535;

  /** @param publicUrl as people reach it; without it, links carry the host of the request */
  public record Http(
      @Setting(value = "8080", help = "TCP port of the API, 0 for any.") int port,
      @Setting(value = "", help = "How people reach this server, such as https://meet.example.com.")
          Optional<String> publicUrl) {
    public Http {
      new Ranges().within("port", port, 0, MAX_PORT).check();
    }
  }

  public record Grpc(@Setting(value = "9090", help = "TCP port for media servers, 0 for any.") int port) {
    public Grpc {
      new Ranges().within("port", port, 0, MAX_PORT).check();
    }
  }

  public record Db(
      @Setting(value = "", help = "sqlite:<file> or postgresql://user:password@host:port/database; without it a file in"
          + " the data folder.") Optional<Redacted> url) {}

  public record Store(
      @Setting(value = "", help = "Where recordings go: http://user:password@host:port/bucket/path?path_style=true.")
          Redacted uri,
      @Setting(value = "", help = "How people reach the store, when servers reach it elsewhere.")
          Optional<String> publicEndpoint,
      @Setting(value = "10 m", help = "How long a signed upload may begin, 5 to 15 minutes.") Duration uploadValidity) {
    public Store {
      new Ranges().within("upload-validity", uploadValidity, Duration.ofMinutes(5), Duration.ofMinutes(15)).check();
    }
  }

  public record Room(
      @Setting(value = "120 s", help = "How long a room may be empty before it ends, 1 s to 1 d.")
          Duration destroyAfter) {
    public Room {
      new Ranges().within("destroy-after", destroyAfter, Duration.ofSeconds(1), Duration.ofDays(1)).check();
    }
  }

  public record Recording(
      @Setting(value = "30 s", help = "How long a media server may be away before its rooms end, 1 s to 1 h.")
          Duration nodeLost,
      @Setting(value = "10 m", help = "How long the verdict waits for chunks of a media server that is there, 1 s to 7 d.")
          Duration uploadTimeout,
      @Setting(value = "10 m", help = "How long the verdict waits for chunks of a media server that is gone, 1 s to 7 d.")
          Duration crashTimeout) {
    public Recording {
      new Ranges()
          .within("node-lost", nodeLost, Duration.ofSeconds(1), Duration.ofHours(1))
          .within("upload-timeout", uploadTimeout, Duration.ofSeconds(1), Duration.ofDays(7))
          .within("crash-timeout", crashTimeout, Duration.ofSeconds(1), Duration.ofDays(7))
          .check();
    }
  }

  public record Events(
      @Setting(value = "30 d", help = "How long the feed of events reaches back, 25 h to 3650 d.") Duration keep) {
    public Events {
      new Ranges().within("keep", keep, Duration.ofHours(25), Duration.ofDays(3650)).check();
    }
  }

  public record Outbound(
      @Setting(value = "", help = "Addresses or blocks that hooks may reach although they are not public, such as"
          + " 127.0.0.1 or 10.1.0.0/16.") List<String> allow) {}

  public record App(
      @Setting(value = "", help = "Active secrets, the signing one first; two while one replaces the other.")
          List<Redacted> secrets,
      @Setting(value = "", help = "Keys of its administrators, of 32 bytes or more; several while one replaces another,"
          + " at most 4.") List<Redacted> adminKeys,
      @Setting(value = "", help = "Where this app's recordings go instead of store.uri; of the same form.")
          Optional<Redacted> storeUri) {}

  /** Named HookConfig, because Hook is what it becomes. */
  public record HookConfig(
      @Setting(value = "default", help = "Whose events it gets.") String app,
      @Setting(value = "", help = "Where to POST.") Redacted url,
      @Setting(value = "", help = "Signs the body; without it the installation's hook secret does.")
          Optional<Redacted> secret,
      @Setting(value = "reference", help = "Body: reference, proto3 or binary.") HookStyle style,
      @Setting(value = "", help = "Kinds of events, such as record or room.stopped; without it all but"
          + " record.chunk_stored.")
          List<String> events) {
    public HookConfig {
      if (url.reveal().isEmpty()) {
        throw new IllegalArgumentException("url is needed");
      }
    }
  }

  public ConnectorConfig {
    new Ranges().within("node-id", nodeId, 0L, 0xFFFF_FFFFL).check();
    if (isPublic) {
      apps.forEach((app, settings) -> PublicBind.requireLongSecrets("--public", app, settings.secrets()));
    }
  }
}

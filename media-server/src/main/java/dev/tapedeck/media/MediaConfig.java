package dev.tapedeck.media;

import dev.tapedeck.media.core.record.RecordLimits;
import dev.tapedeck.media.io.spool.Durability;
import dev.tapedeck.media.io.spool.SpoolConfig;
import dev.tapedeck.protocol.config.ByteSize;
import dev.tapedeck.protocol.config.EnvironmentPrefix;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.config.Setting;
import dev.tapedeck.protocol.token.PublicBind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configuration of the media server.
 *
 * @param data   folder for the spool and what else must outlive the process
 * @param apps   tenants by id
 * @param http   where signalling is served
 * @param media  the UDP side
 * @param room   life of rooms
 * @param record the tape
 * @param node   who this server is, and its connector
 * @param limits how much each may take
 * @param sctp   data channels
 * @param tokens what they open
 */
@EnvironmentPrefix("MEDIA_SERVER_")
public record MediaConfig(
    @Setting(value = "data/media-server", help = "Folder for the spool; made if missing.") String data,
    Map<String, App> apps, Http http, Media media, Room room, Record record, Node node, LimitSettings limits,
    SctpSettings sctp, Tokens tokens) {

  private static final int MAX_PORT = 65_535;

  public MediaConfig {
    if (PublicBind.isPublic(http.host())) {
      apps.forEach((app, settings) ->
          PublicBind.requireLongSecrets("http.host " + http.host(), app, settings.secrets()));
    }
  }

  /** A tenant. */
  public record App(
      @Setting(value = "", help = "Active secrets, 32 bytes or more unless http.host is loopback; the first signs, all"
          + " verify.")
      List<Redacted> secrets,
      @Setting(value = "", help = "Where this app's chunks go, signed by this server instead of the connector; give the"
          + " connector the same.")
      Optional<Redacted> storeUri) {}

  public record Http(
      @Setting(value = "127.0.0.1", help = "Address HTTP listens on; 0.0.0.0 for all.") String host,
      @Setting(value = "8081", help = "TCP port of HTTP, 0 for any that is free.") int port) {
    public Http {
      new Ranges().within("port", port, 0, MAX_PORT).check();
    }
  }

  public record Media(
      @Setting(value = "0", help = "Threads that forward, one per core, up to 256; 0 takes all cores but one.")
      int workers,
      @Setting(value = "0", help = "UDP port of the first worker, the next ones follow; 0 for any that is free.") int port,
      @Setting(value = "", help = "Local addresses to bind; empty for all of this machine.") List<String> addresses,
      @Setting(value = "", help = "Addresses clients reach this machine by besides its own, such as a NAT's.")
      List<String> advertise,
      @Setting(value = "true", help = "Offer 127.0.0.1 too, for clients on this machine.") boolean loopback,
      @Setting(value = "false", help = "Use Java's channels instead of recvmmsg and UDP GSO.") boolean nio,
      @Setting(value = "", help = "Force an SRTP back end: ipsec-mb, libcrypto or portable; empty takes the first of these"
          + " that works here.")
      Optional<String> crypto,
      @Setting(value = "32768", help = "Packets of 2 KiB one worker can hold, 1024 to 4194304.") int packetSlots,
      @Setting(value = "1ms", help = "How long a packet waits for company to the same receiver, up to 100 ms; 0 ms sends"
          + " at once.")
      Duration flushWindow,
      @Setting(value = "2000", help = "Sessions one worker takes, 1 to 100000.") int maxSessions,
      @Setting(value = "15s", help = "Time from offer to a complete DTLS handshake, 1 s to 5 m.") Duration connectTimeout,
      @Setting(value = "30s", help = "A client without a valid ICE check for this long is gone, 5 s to 10 m.")
      Duration consentTimeout) {
    public Media {
      new Ranges()
          .within("workers", workers, 0, 256)
          .within("port", port, 0, MAX_PORT)
          .within("packet-slots", packetSlots, 1024, 1 << 22)
          .within("flush-window", flushWindow, Duration.ZERO, Duration.ofMillis(100))
          .within("max-sessions", maxSessions, 1, 100_000)
          .within("connect-timeout", connectTimeout, Duration.ofSeconds(1), Duration.ofMinutes(5))
          .within("consent-timeout", consentTimeout, Duration.ofSeconds(5), Duration.ofMinutes(10))
          .check();
    }

    /** Workers to start on this machine. */
    public int effectiveWorkers() {
      return workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
  }

  public record Room(
      @Setting(value = "120s", help = "How long an empty room stays the same instance, 100 ms to 1 d.")
      Duration destroyAfter) {
    public Room {
      new Ranges().within("destroy-after", destroyAfter, Duration.ofMillis(100), Duration.ofDays(1)).check();
    }
  }

  public record Record(
      @Setting(value = "15s", help = "How long a recording waits for a taped peer to come back, 0 s to 1 d.") Duration grace,
      @Setting(value = "10s", help = "How long a stop waits until everything taped is stored and told, 0 s to 1 h; the next"
          + " start takes up the rest.")
      Duration drain,
      @Setting(value = "interval", help = "When taped bytes reach the disk: pressure, interval or always.")
      Durability durability,
      @Setting(value = "1s", help = "Time between two forces of the journal in mode interval: the recovery point. 10 ms"
          + " to 60 s.")
      Duration commitInterval,
      @Setting(value = "10s", help = "A chunk is closed at this age, 250 ms to 1 h.") Duration chunkAge,
      @Setting(value = "8MiB", help = "A chunk is closed before it outgrows this, 256 KiB to 1 GiB.") ByteSize chunkSize,
      @Setting(value = "128MiB", help = "Memory of slabs between workers and journal; each taped session fills one of"
          + " 128 KiB, and the last eighth is for audio. 1 MiB to 1 TiB.")
      ByteSize slabMemory,
      @Setting(value = "256MiB", help = "Memory for taped bytes not stored yet; above it they live on disk only. 256 KiB"
          + " to 1 TiB.")
      ByteSize memoryBudget,
      @Setting(value = "0", help = "What the journal may take of the disk; 0 for 80 % of what is free at the start, which"
          + " is refused below 2 GiB. Up to 1024 TiB.")
      ByteSize diskBudget,
      @Setting(value = "4", help = "Chunks uploaded at the same time, 1 to 64.") int uploads,
      @Setting(value = "60s", help = "An upload without an answer for this long is given up and made again, 1 s to 1 h.")
      Duration uploadTimeout,
      @Setting(value = "", help = "Where chunks of apps without one of their own go, signed by this server instead of the"
          + " connector: http://user:password@host:port/bucket/path?path_style=true, as the connector's store.uri.")
      Optional<Redacted> storeUri) {
    public Record {
      ByteSize tebibyte = ByteSize.ofMebibytes(1 << 20);
      new Ranges()
          .within("grace", grace, Duration.ZERO, Duration.ofDays(1))
          .within("drain", drain, Duration.ZERO, Duration.ofHours(1))
          .within("commit-interval", commitInterval, Duration.ofMillis(10), Duration.ofSeconds(60))
          .within("chunk-age", chunkAge, Duration.ofMillis(250), Duration.ofHours(1))
          .within("chunk-size", chunkSize, new ByteSize(256 << 10), ByteSize.ofMebibytes(1024))
          .within("slab-memory", slabMemory, ByteSize.ofMebibytes(1), tebibyte)
          .within("memory-budget", memoryBudget, new ByteSize(256 << 10), tebibyte)
          .within("disk-budget", diskBudget, new ByteSize(0), ByteSize.ofMebibytes(1 << 30))
          .within("uploads", uploads, 1, 64)
          .within("upload-timeout", uploadTimeout, Duration.ofSeconds(1), Duration.ofHours(1))
          .check();
    }

    /** Limits of the tapes. */
    public RecordLimits limits() {
      RecordLimits usual = RecordLimits.DEFAULT;
      return new RecordLimits(usual.slabBytes(), Math.min(usual.slabAgeNanos(), chunkAge.toNanos()),
          Math.toIntExact(chunkSize.bytes()), chunkAge.toNanos());
    }

    /** Settings of the spool. */
    public SpoolConfig spool() {
      SpoolConfig usual = SpoolConfig.DEFAULT;
      return new SpoolConfig(durability, commitInterval, usual.slabBytes(), slabMemory.bytes(),
          memoryBudget.bytes(), diskBudget.bytes(), usual.segmentBytes(), uploads, uploadTimeout,
          usual.retryMin(), usual.retryMax());
    }
  }

  public record Node(
      @Setting(value = "1", help = "Number of this media server, unique among those of one connector, 0 to 4294967295.")
      long id,
      @Setting(value = "", help = "host:port of the connector's gRPC; without one recordings stay in the spool.")
      Optional<String> connector,
      @Setting(value = "", help = "Secret that signs this node's token for the connector.") Optional<Redacted> secret,
      @Setting(value = "10s", help = "How long sessions may go on after a stop was asked for, 0 s to 1 d; members are told,"
          + " and nobody new is let in.")
      Duration drain) {
    public Node {
      new Ranges()
          .within("id", id, 0L, 0xFFFF_FFFFL)
          .within("drain", drain, Duration.ZERO, Duration.ofDays(1))
          .check();
    }
  }

  public record Tokens(
      @Setting(value = "false", help = "Whether a token with a jti opens one connection only; this server remembers"
          + " it until it expires.")
      boolean singleUse) {}

  /** Destinations of apps that have one of their own. */
  public Map<String, Redacted> appStores() {
    Map<String, Redacted> stores = new LinkedHashMap<>();
    apps.forEach((name, app) -> app.storeUri().ifPresent(uri -> stores.put(name, uri)));
    return stores;
  }
}

package dev.tapedeck.media;

import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.media.io.dtls.BcDtlsTransportFactory;
import dev.tapedeck.media.io.dtls.DtlsCertificate;
import dev.tapedeck.media.io.dtls.DtlsSettings;
import dev.tapedeck.media.io.http.Admission;
import dev.tapedeck.media.io.http.Connections;
import dev.tapedeck.media.io.http.MediaRoutes;
import dev.tapedeck.media.io.http.OpsRoutes;
import dev.tapedeck.media.io.http.TokenJoinGate;
import dev.tapedeck.media.io.net.AddressDiscovery;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.media.io.net.WorkerGroupFactory;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.token.TokenVerifier;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running media server without its front: workers, DTLS certificate, HTTP resources. */
public final class MediaServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MediaServer.class);

  private final WorkerGroup workers;
  private final MediaRoutes routes;
  private final OpsRoutes ops;
  private final Connections connections;
  private final Supplier<Optional<String>> obstacle;
  private volatile boolean draining;

  private MediaServer(
      MediaConfig config,
      WorkerGroup workers,
      Connections connections,
      TokenVerifier verifier,
      PrometheusMeterRegistry metrics,
      String crypto,
      Admission admission,
      Supplier<Optional<String>> obstacle) {
    this.workers = workers;
    this.connections = connections;
    this.obstacle = obstacle;
    routes = new MediaRoutes(connections, verifier, admission);
    ops = new OpsRoutes(metrics, workers.units(), connections, crypto, Map.of(
        "transport_feedback", "on",
        "nack_cache", "on",
        "rtcp", "on",
        "counters", "on",
        "flush_window", config.media().flushWindow().toString()), admission, this::obstacle);
  }

  /**
   * Starts workers and binds their sockets.
   *
   * @param tapeDeck where recordings go
   * @param revocations tokens that open nothing any more; the verifier refuses them too
   * @param events   hears what happens in rooms, on worker threads; only queues
   * @param obstacle why no new session should come here, from outside of the SFU; empty if it may
   */
  public static MediaServer start(
      MediaConfig config,
      TokenVerifier verifier,
      TapeDeck tapeDeck,
      PrometheusMeterRegistry metrics,
      Revocations revocations,
      Consumer<WorkerEvent> events,
      Supplier<Optional<String>> obstacle) throws IOException {
    SecureRandom random = new SecureRandom();
    SrtpCipherFactory ciphers = CipherChoice.choose(config.media().crypto());
    BcDtlsTransportFactory dtls =
        new BcDtlsTransportFactory(DtlsCertificate.create(random, Instant.now()), DtlsSettings.defaults());
    Admission admission = new Admission(config.limits().limits(), config.limits().proxies(),
        config.tokens().singleUse(), System::nanoTime, System::currentTimeMillis);
    Connections[] connections = new Connections[1];
    TokenJoinGate gate = new TokenJoinGate(verifier, random, admission, events);
    WorkerGroupFactory factory = new WorkerGroupFactory(addresses(config.media()), config.media().port(),
        config.media().packetSlots(), config.media().nio(), workerConfig(config));
    WorkerGroup workers = start(config.media(), () ->
        factory.start(config.media().effectiveWorkers(), ciphers, dtls, tapeDeck, random,
            gate, revocations, event -> {
          if (event instanceof WorkerEvent.SessionClosed closed) {
            connections[0].forget(closed.session());
          }
          events.accept(event);
        }));
    connections[0] = new Connections(
        workers, gate, dtls.localFingerprint(), named(config.media().advertise()), random, admission,
        config.limits().limits(), config.sctp().limits());
    log.atInfo()
        .addKeyValue("crypto", ciphers.name())
        .addKeyValue("send", workers.units().getFirst().transport().sendMethod())
        .addKeyValue("workers", workers.units().size())
        .addKeyValue("addresses", workers.addresses(0))
        .log("media server started");
    return new MediaServer(config, workers, connections[0], verifier, metrics, ciphers.name(),
        admission, obstacle);
  }

  public WorkerGroup workers() {
    return workers;
  }

  public MediaRoutes routes() {
    return routes;
  }

  public OpsRoutes ops() {
    return ops;
  }

  /** Connections alive, of publishers and watchers. */
  public int sessions() {
    return connections.count();
  }

  /** Why no new session should come here; empty if it may. */
  public Optional<String> obstacle() {
    return draining ? Optional.of("this media server is about to stop") : obstacle.get();
  }

  /** Takes no new sessions from now on; those there are go on, and are told how long they may, if they can be. */
  public void drain(Duration remaining) {
    refuseNewSessions();
    workers.drain(remaining);
  }

  /** Ends all sessions and recordings; returns when clients have heard it, or had their time to. */
  public void endSessions() {
    refuseNewSessions();
    workers.endSessions();
  }

  /** What a {@link Drain} sees of this. */
  Drain.Sessions asDrained() {
    return new Drain.Sessions() {
      @Override
      public void drain(Duration remaining) {
        MediaServer.this.drain(remaining);
      }

      @Override
      public int count() {
        return sessions();
      }

      @Override
      public void end() {
        endSessions();
      }
    };
  }

  private void refuseNewSessions() {
    draining = true;
    routes.refuseNewSessions();
  }

  /** Ends all sessions and recordings, and stops. */
  @Override
  public void close() throws InterruptedException {
    refuseNewSessions();
    workers.close();
  }

  private interface Start {
    WorkerGroup run() throws IOException;
  }

  private static WorkerGroup start(MediaConfig.Media media, Start start) throws IOException {
    try {
      return start.run();
    } catch (IOException e) {
      throw new IOException(Problems.ofPort("media.port", media.port(), e)
          + "; or name addresses of this machine with --media.addresses=LIST", e);
    }
  }

  private static WorkerConfig workerConfig(MediaConfig config) {
    WorkerConfig defaults = WorkerConfig.defaults();
    return new WorkerConfig(
        config.media().maxSessions(),
        defaults.flushPackets(),
        config.media().flushWindow().toNanos(),
        config.media().connectTimeout().toNanos(),
        config.media().consentTimeout().toNanos(),
        config.room().destroyAfter().toNanos(),
        defaults.videoCachePackets(),
        defaults.audioCachePackets(),
        defaults.cacheAgeNanos(),
        config.limits().limits());
  }

  private static List<InetAddress> addresses(MediaConfig.Media media) throws IOException {
    return media.addresses().isEmpty()
        ? AddressDiscovery.localAddresses(media.loopback())
        : named(media.addresses());
  }

  private static List<InetAddress> named(List<String> names) throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String name : names) {
      addresses.add(InetAddress.getByName(name));
    }
    return addresses;
  }
}

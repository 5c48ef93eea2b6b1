package dev.tapedeck.media;

import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.clock.ClockWatch;
import dev.tapedeck.media.io.connector.CommandListener;
import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.ConnectorUploadLink;
import dev.tapedeck.media.io.connector.NoConnector;
import dev.tapedeck.media.io.connector.NodeRevocations;
import dev.tapedeck.media.io.connector.SpoolEventTeller;
import dev.tapedeck.media.io.connector.StatsTeller;
import dev.tapedeck.media.io.connector.WorkerCommands;
import dev.tapedeck.media.io.connector.WorkerEventTeller;
import dev.tapedeck.media.io.http.MediaRoutes;
import dev.tapedeck.media.io.http.OpsRoutes;
import dev.tapedeck.media.io.spool.Spool;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.media.io.spool.SpoolMetrics;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.media.io.spool.WaitingRecordings;
import dev.tapedeck.media.io.store.OwnStoreLink;
import dev.tapedeck.media.io.store.OwnStores;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.Heartbeat;
import dev.tapedeck.protocol.wire.RevokedTokens;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A media server with its tape: the SFU, the spool behind it, and the stream to the connector. Standalone runs one beside
 * a connector, {@link MediaServerMain} runs one alone.
 */
public final class MediaNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MediaNode.class);

  /** How long the stop waits for the connector to take the last events; what it does not take is told by the next start. */
  private static final Duration LAST_EVENTS = Duration.ofSeconds(5);

  /**
   * A recording goes on over the death of its process if it was cut off no longer ago; the connector gives a media server
   * up after about as long.
   */
  private static final Duration GOES_ON_FOR = Duration.ofSeconds(30);

  private final OpenedParts opened = new OpenedParts();
  private final Optional<ConnectorClient> connector;
  private final ClockWatch clock;
  private final Spool spool;
  private final NodeRevocations revocations;
  private final MediaServer server;
  private final Drain drain;
  private final Duration usualDrain;
  private volatile boolean isHurried;

  private MediaNode(MediaConfig config, TokenVerifier verifier, PrometheusMeterRegistry metrics) throws IOException {
    usualDrain = config.node().drain();
    SecureRandom random = new SecureRandom();
    AtomicReference<MediaServer> started = new AtomicReference<>();
    revocations = NodeRevocations.open(Path.of(config.data(), "revoked-tokens"), System::currentTimeMillis);
    opened.push(revocations::save);
    connector = config.node().connector().map(address -> connect(config.node(), random, started));
    connector.ifPresent(client -> opened.push(() -> end(client)));
    NoConnector alone = new NoConnector();
    try {
      clock = ClockWatch.start(System::nanoTime, () -> epochNanos(System.nanoTime()), metrics);
      opened.push(clock);
      OwnStores stores = new OwnStores(config.record().storeUri(), config.appStores());
      opened.push(stores);
      UploadLink link = new OwnStoreLink(stores,
          connector.<UploadLink>map(ConnectorUploadLink::new).orElse(alone), System.currentTimeMillis());
      spool = Spool.open(Path.of(config.data(), "spool"), config.record().spool(), link,
          connector.<SpoolEvents>map(
              client -> new SpoolEventTeller(client, System::currentTimeMillis)).orElse(alone),
          random, GOES_ON_FOR);
      opened.push(spool);
      opened.push(() -> store(config.record().drain()));
      WaitingRecordings waiting =
          WaitingRecordings.start(spool.unfinished(), spool.sink(), config.record().grace());
      opened.push(waiting);
      SpoolMetrics.register(spool.counters(), metrics);
      TapeDeck deck = new TapeDeck((int) config.node().id(), config.record().limits(), spool.sink(),
          MediaNode::epochNanos, random, config.record().grace().toNanos(), waiting);
      Consumer<WorkerEvent> events = connector.<Consumer<WorkerEvent>>map(
          client -> new WorkerEventTeller(client, System::currentTimeMillis)).orElse(event -> {});
      server = MediaServer.start(config, verifier.refusing(revocations::isRevoked), deck, metrics, revocations, events,
          spool::obstacle);
      opened.push(server);
      drain = new Drain(server.asDrained());
      started.set(server);
      connector.ifPresent(client -> opened.push(StatsTeller.start(server.workers(), client)));
      connector.ifPresent(ConnectorClient::start);
    } catch (IOException | RuntimeException e) {
      try {
        close();
      } catch (IllegalStateException unclean) {
        e.addSuppressed(unclean);
      }
      throw e;
    }
  }

  /**
   * Recovers what an earlier process left in the spool, binds the sockets and dials the connector.
   *
   * @param verifier checks the tokens of clients
   */
  public static MediaNode start(MediaConfig config, TokenVerifier verifier, PrometheusMeterRegistry metrics)
      throws IOException {
    return new MediaNode(config, verifier, metrics);
  }

  public MediaRoutes routes() {
    return server.routes();
  }

  public OpsRoutes ops() {
    return server.ops();
  }

  public MediaServer server() {
    return server;
  }

  public Spool spool() {
    return spool;
  }

  /**
   * Takes no new sessions, gives those there are {@code node.drain} to leave, and ends the rest. Returns at once.
   *
   * @see #awaitDrained
   */
  public void drain() {
    drain.begin(usualDrain);
  }

  /** Waits for no client and no store any more; what is not stored is taken up by the next start. */
  public void hurry() {
    isHurried = true;
    drain.begin(Duration.ZERO);
  }

  /** Waits until a drain has ended all sessions, whoever asked for it; then it is time to {@link #close}. */
  public void awaitDrained() throws InterruptedException {
    drain.awaitOver();
  }

  /** Ends all sessions, puts the rest of their tapes on disk, tells the connector, and stops. */
  @Override
  public void close() {
    opened.close();
  }

  /** What was taped is complete in the store when the process ends, if store and connector are there. */
  private void store(Duration longest) throws InterruptedException {
    if (connector.isPresent() && !spool.drain(longest, () -> isHurried)) {
      log.atWarn().addKeyValue("recordings", spool.counters().recordings.get())
          .addKeyValue("bytes", spool.counters().unsentBytes.get())
          .log("stopped before everything taped was stored; the next start on this data folder takes it up");
    }
  }

  private static void end(ConnectorClient client) throws InterruptedException {
    client.flush(LAST_EVENTS);
    client.close();
  }

  private ConnectorClient connect(MediaConfig.Node node, SecureRandom random, AtomicReference<MediaServer> started) {
    CommandListener commands = new CommandListener() {
      @Override
      public CommandResult handle(Command command) {
        return commands(started.get()).handle(command);
      }

      @Override
      public void revoked(RevokedTokens tokens) {
        commands(started.get()).revoked(tokens);
      }
    };
    return ConnectorDial.client(node, commands, () -> heartbeat(started.get()), random);
  }

  /** @param seconds 0 for the usual time */
  private void drain(int seconds) {
    drain.begin(seconds == 0 ? usualDrain : Duration.ofSeconds(Integer.toUnsignedLong(seconds)));
  }

  /** Asked only after the start: nobody is dialled before. */
  private WorkerCommands commands(MediaServer server) {
    return new WorkerCommands(server.workers(), revocations, this::drain);
  }

  /** Asked only after the start: nobody is dialled before. */
  private Heartbeat heartbeat(MediaServer server) {
    return NodeHeartbeat.of(spool, clock, server.sessions(), System.currentTimeMillis());
  }

  /** The wall clock as it stands now, for a monotonic moment that is hardly older. */
  private static long epochNanos(long nowNanos) {
    return System.currentTimeMillis() * 1_000_000L - (System.nanoTime() - nowNanos);
  }
}

package dev.tapedeck.bench.join;

import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.load.JoinTimes;
import dev.tapedeck.bench.load.LoadClients;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.Tracks;
import dev.tapedeck.bench.load.Watching;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A room that plays, and clients who storm into another one. */
final class JoinLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 8;

  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String ROOM = "playing";
  private static final String LOBBY = "lobby";
  private static final String PUBLISHER = "publisher";
  private static final List<OfferedMedia> WATCHED = List.of(Tracks.receivingPicture("0"));

  private final LoadClients clients;
  private final JoinOptions options;

  JoinLoad(LoadTarget target, List<SrtpProtection> protections, JoinOptions options) {
    this.clients = new LoadClients(target, protections);
    this.options = options;
  }

  /** Lets the room play until {@link #close}. */
  void play() throws IOException {
    SyntheticPublisher publisher = clients.publish(
        ROOM, PUBLISHER, List.of(Tracks.picture("0", PACKETS_PER_FRAME, options.packetsPerSecond())), false);
    clients.joinWithSample(options.subscribers(),
        (all, number) -> all.count(ROOM, "subscriber" + number, WATCHED, Optional.of(PUBLISHER)),
        (all, place, number) -> all.check(place, ROOM, "subscriber" + number, WATCHED, Optional.of(PUBLISHER)));
    RelayPath.Burst burst =
        RelayPath.Burst.of(PACKETS_PER_FRAME, Tracks.PACKET_BYTES, options.packetsPerSecond());
    long startNanos = clients.sendingLoop().nowNanos() + START_DELAY_NANOS;
    publisher.play(startNanos);
    clients.plan(options.packetsPerSecond());
    clients.startRelay(burst, startNanos + burst.intervalNanos() / 2);
    clients.awaitMedia();
  }

  /** Joins and leaves that are not measured. */
  void rehearse() throws IOException {
    leave(storm(options.rehearsal()));
  }

  JoinRound round() throws IOException {
    LoadRun quiet = clients.measure(options.quiet());
    List<Joined> joined = new ArrayList<>();
    LoadRun storm = clients.measure(() -> joined.addAll(storm(options.joins())));
    leave(joined);
    return new JoinRound(quiet, storm, JoinTimes.of(joined.stream().map(Joined::took).toList()));
  }

  /** @param took from the request until media can flow */
  private record Joined(Watching watching, Duration took) {}

  private List<Joined> storm(int count) throws IOException {
    return Together.each(count, options.atOnce(), number -> {
      long startNanos = System.nanoTime();
      Watching watching = clients.count(LOBBY, "guest" + number, SyntheticWatcher.pairs(1), Optional.empty());
      return new Joined(watching, Duration.ofNanos(System.nanoTime() - startNanos));
    });
  }

  private void leave(List<Joined> joined) throws IOException {
    clients.leave(joined.stream().map(Joined::watching).toList());
  }

  @Override
  public void close() throws IOException {
    clients.close();
  }
}

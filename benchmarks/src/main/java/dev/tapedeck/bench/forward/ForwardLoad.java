package dev.tapedeck.bench.forward;

import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.load.LoadClients;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.Tracks;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One publisher of a picture in bursts, and those who watch it. */
final class ForwardLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 8;

  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String ROOM = "bench";
  private static final String PUBLISHER = "publisher";
  private static final String MID = "0";
  private static final List<OfferedMedia> WATCHED = List.of(Tracks.receivingPicture(MID));

  private final LoadClients clients;
  private final int packetsPerSecond;

  ForwardLoad(LoadTarget target, List<SrtpProtection> protections, int packetsPerSecond) {
    this.clients = new LoadClients(target, protections);
    this.packetsPerSecond = packetsPerSecond;
  }

  LoadClients clients() {
    return clients;
  }

  /** Joins the publisher and lets it send until {@link #close}; the relay's bursts lie between its own. */
  void publish() throws IOException {
    SyntheticPublisher publisher = clients.publish(
        ROOM, PUBLISHER, List.of(Tracks.picture(MID, PACKETS_PER_FRAME, packetsPerSecond)), false);
    RelayPath.Burst burst = RelayPath.Burst.of(PACKETS_PER_FRAME, Tracks.PACKET_BYTES, packetsPerSecond);
    long startNanos = clients.sendingLoop().nowNanos() + START_DELAY_NANOS;
    clients.plan(packetsPerSecond);
    publisher.play(startNanos);
    clients.startRelay(burst, startNanos + burst.intervalNanos() / 2);
  }

  /** Lets so many join. */
  void watch(int subscribers) throws IOException {
    clients.joinWithSample(subscribers,
        (all, number) -> all.count(ROOM, name(number), WATCHED, Optional.of(PUBLISHER)),
        (all, place, number) -> all.check(place, ROOM, name(number), WATCHED, Optional.of(PUBLISHER)));
    clients.awaitMedia();
  }

  private static String name(int subscriber) {
    return "subscriber" + subscriber;
  }

  LoadRun measure(Duration warmUp, Duration window) throws IOException {
    Pause.of(warmUp);
    return clients.measure(window);
  }

  void leave() throws IOException {
    clients.leaveAll();
  }

  @Override
  public void close() throws IOException {
    clients.close();
  }
}

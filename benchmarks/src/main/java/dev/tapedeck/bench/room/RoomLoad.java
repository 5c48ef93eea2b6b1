package dev.tapedeck.bench.room;

import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.SyntheticWatcher;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.latency.RelayPath;
import dev.tapedeck.bench.load.LoadClients;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.Tracks;
import dev.tapedeck.bench.load.Watching;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Everybody in the room. */
final class RoomLoad implements AutoCloseable {
  static final int PACKETS_PER_FRAME = 4;

  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String ROOM = "bench";

  /** They join and leave before anything is measured: what is loaded once is no subscriber's. */
  private static final int REHEARSAL = 20;

  private final LoadClients clients;
  private final int packetsPerSecond;
  private final Queue<Duration> joins = new ConcurrentLinkedQueue<>();
  private int publishers;

  /** @param packetsPerSecond of each video */
  RoomLoad(LoadTarget target, List<SrtpProtection> protections, int packetsPerSecond) {
    this.clients = new LoadClients(target, protections);
    this.packetsPerSecond = packetsPerSecond;
  }

  /** Joins so many publishers, who send until {@link #close}; their frames are spread over a frame's time. */
  void publish(int count) throws IOException {
    RelayPath.Burst burst = RelayPath.Burst.of(PACKETS_PER_FRAME, Tracks.PACKET_BYTES, packetsPerSecond);
    List<SyntheticPublisher> joined = Together.each(count, i -> clients.publish(ROOM, name(i),
        List.of(Tracks.voice("0"), Tracks.picture("1", PACKETS_PER_FRAME, packetsPerSecond)), false));
    publishers = count;
    long startNanos = clients.sendingLoop().nowNanos() + START_DELAY_NANOS;
    for (int i = 0; i < count; i++) {
      joined.get(i).play(startNanos + burst.intervalNanos() * i / count);
    }
    clients.plan((double) count * (packetsPerSecond + Tracks.VOICE_PACKETS_PER_SECOND));
    clients.startRelay(burst, startNanos + burst.intervalNanos() / (2L * count));
  }

  /** Lets so many subscribers join, a few at a time, and measures once all of them see something. */
  RoomReport.Measured measure(int subscribers, Duration warmUp, Duration window) throws IOException {
    Together.each(Math.min(REHEARSAL, subscribers), i -> join(clients, "", i));
    clients.leaveAll();
    joins.clear();
    JvmFacts empty = JvmFacts.of(clients.target().pid());
    clients.joinWithSample(subscribers, (all, number) -> join(all, "", number), this::join);
    Pause.of(warmUp);
    LoadRun run = clients.measure(window);
    MemoryUse memory = new MemoryUse(empty, JvmFacts.of(clients.target().pid()), subscribers);
    clients.leaveAll();
    return new RoomReport.Measured(run, memory, List.copyOf(joins));
  }

  /** @param place in the sample, empty for one who counts */
  private Watching join(LoadClients all, String place, int number) throws IOException {
    String peer = "subscriber" + number;
    Optional<String> shown = Optional.of(name(number % publishers));
    long startNanos = System.nanoTime();
    Watching watching = place.isEmpty()
        ? all.count(ROOM, peer, SyntheticWatcher.pairs(1), shown)
        : all.check(place, ROOM, peer, SyntheticWatcher.pairs(1), shown);
    joins.add(all.awaitFirstPacket(watching, startNanos));
    return watching;
  }

  private static String name(int publisher) {
    return "publisher" + publisher;
  }

  @Override
  public void close() throws IOException {
    clients.close();
  }
}

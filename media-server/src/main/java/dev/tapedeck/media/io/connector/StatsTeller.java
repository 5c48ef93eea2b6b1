package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.core.room.ReceivedStats;
import dev.tapedeck.media.core.room.SentTrackStats;
import dev.tapedeck.media.core.room.SessionStats;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.protocol.wire.NodeStats;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the connector every few seconds how media flow; while it is away, nobody is asked. */
public final class StatsTeller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatsTeller.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final long NANOS_PER_MICRO = 1_000;

  private final WorkerGroup workers;
  private final ConnectorClient connector;
  private final Thread thread;
  private volatile boolean isClosed;

  private StatsTeller(WorkerGroup workers, ConnectorClient connector) {
    this.workers = workers;
    this.connector = connector;
    thread = Thread.ofVirtual().name("stats").unstarted(this::run);
  }

  public static StatsTeller start(WorkerGroup workers, ConnectorClient connector) {
    StatsTeller teller = new StatsTeller(workers, connector);
    teller.thread.start();
    return teller;
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    LockSupport.unpark(thread);
    thread.join();
  }

  private void run() {
    while (!isClosed) {
      LockSupport.parkNanos(INTERVAL.toNanos());
      if (!isClosed && connector.isAttached()) {
        tell();
      }
    }
  }

  private void tell() {
    try {
      NodeStats.Builder stats = NodeStats.newBuilder();
      for (int worker = 0; worker < workers.units().size(); worker++) {
        workers.ask(worker, WorkerCommand.ReadStats::new).stats().forEach(session -> stats.addSessions(toWire(session)));
      }
      connector.tell(stats.build());
    } catch (IllegalStateException e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("statistics not told; next try in a few seconds");
    }
  }

  private static dev.tapedeck.protocol.wire.SessionStats toWire(SessionStats session) {
    var wire = dev.tapedeck.protocol.wire.SessionStats.newBuilder()
        .setApp(session.app()).setRoom(session.room()).setPeer(session.peer()).setSession(session.session())
        .setWatcher(session.isWatcher()).setHidden(session.visibility().isHidden())
        .setRecorder(session.visibility() == Visibility.RECORDER).setRoundTripUs(micros(session.roundTripNanos()));
    session.sent().forEach(track -> wire.addSent(toWire(track)));
    session.received().ifPresent(received -> wire.setReceived(toWire(received)));
    return wire.build();
  }

  private static dev.tapedeck.protocol.wire.SentTrackStats.Builder toWire(SentTrackStats track) {
    return dev.tapedeck.protocol.wire.SentTrackStats.newBuilder().setTrack(track.track()).setPackets(track.packets())
        .setOctets(track.octets()).setLost(track.lostPackets()).setRepaired(track.repairedPackets())
        .setJitterUs(micros(track.jitterNanos()));
  }

  private static dev.tapedeck.protocol.wire.ReceivedStats.Builder toWire(ReceivedStats received) {
    return dev.tapedeck.protocol.wire.ReceivedStats.newBuilder().setPackets(received.packets())
        .setOctets(received.octets()).setLost(received.lostPackets()).setRoundTripUs(micros(received.roundTripNanos()));
  }

  private static int micros(long nanos) {
    return (int) Math.min(nanos / NANOS_PER_MICRO, Integer.MAX_VALUE);
  }
}

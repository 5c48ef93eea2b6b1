package dev.tapedeck.media.io.spool;

import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.core.record.UnfinishedRecording;
import dev.tapedeck.media.core.room.UnfinishedRecordings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps open what a dead process left open, until somebody who is taped comes back to the room or the time for that is
 * over. Safe for use by many threads.
 */
public final class WaitingRecordings implements UnfinishedRecordings, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WaitingRecordings.class);

  private record Place(String app, String room) {}

  private final Map<Place, UnfinishedRecording> waiting = new ConcurrentHashMap<>();
  private final SlabSink sink;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread timer;

  private WaitingRecordings(List<UnfinishedRecording> unfinished, SlabSink sink, Duration grace) {
    this.sink = sink;
    for (UnfinishedRecording left : unfinished) {
      Place place = new Place(left.app(), left.room());
      UnfinishedRecording earlier = waiting.put(place, left);
      if (earlier != null) {
        close(earlier); // a room goes on with what was taped there last
      }
    }
    timer = Thread.ofVirtual().name("waiting-recordings").unstarted(() -> closeAfter(grace));
  }

  /**
   * Lets them wait from now on.
   *
   * @param unfinished in the order in which they began
   * @param sink       hears of those that nobody came back to
   * @param grace      how long they wait
   */
  public static WaitingRecordings start(List<UnfinishedRecording> unfinished, SlabSink sink, Duration grace) {
    WaitingRecordings recordings = new WaitingRecordings(unfinished, sink, grace);
    recordings.timer.start();
    return recordings;
  }

  @Override
  public Optional<UnfinishedRecording> take(String app, String room, boolean wantsTape) {
    Place place = new Place(app, room);
    UnfinishedRecording left = waiting.get(place);
    boolean isWanted = left != null && (wantsTape || left.orders().getEverybody());
    if (!isWanted || !waiting.remove(place, left)) {
      return Optional.empty();
    }
    log.atInfo().addKeyValue("app", app).addKeyValue("room", room).addKeyValue("recording", left.recording())
        .addKeyValue("paused", left.orders().getPaused()).log("recording of a dead process goes on");
    return Optional.of(left);
  }

  /** Closes what still waits. */
  @Override
  public void close() throws InterruptedException {
    stopped.countDown();
    timer.join();
    closeAll();
  }

  private void closeAfter(Duration grace) {
    try {
      if (!stopped.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        closeAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // what waits is closed by the stop
    }
  }

  private void closeAll() {
    for (Place place : waiting.keySet()) {
      UnfinishedRecording left = waiting.remove(place); // null if somebody has just taken it
      if (left != null) {
        close(left);
      }
    }
  }

  private void close(UnfinishedRecording left) {
    sink.recordingClosed(left.app(), left.room(), left.recording(), UnfinishedRecording.CRASH);
  }
}

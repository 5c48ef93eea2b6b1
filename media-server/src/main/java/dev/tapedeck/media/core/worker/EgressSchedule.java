package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionEnvironment;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.util.Arrays;

/**
 * Which receivers are owed packets, and when each gets them: as soon as it is owed enough to fill a send, or when its
 * oldest packet has waited for the window. Waiting is what lets packets of one receiver leave in one system call.
 */
final class EgressSchedule implements SessionEnvironment.Flusher {
  private final int flushPackets;
  private final long windowNanos;
  private PeerSession[] owing = new PeerSession[64];
  private int size;

  EgressSchedule(int flushPackets, long windowNanos) {
    this.flushPackets = flushPackets;
    this.windowNanos = windowNanos;
  }

  @Override
  public void willOwe(PeerSession session) {
    if (size == owing.length) {
      owing = Arrays.copyOf(owing, 2 * size);
    }
    owing[size++] = session;
  }

  /** Flushes every receiver whose time has come. */
  void flushDue(long nowNanos) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      PeerSession session = owing[i];
      if (!isDue(session, nowNanos)) {
        owing[kept++] = session;
      } else if (session.owedPackets() > 0) { // else it was flushed before its time
        session.flush(nowNanos);
      }
    }
    Arrays.fill(owing, kept, size, null);
    size = kept;
  }

  private boolean isDue(PeerSession session, long nowNanos) {
    int owed = session.owedPackets();
    return owed == 0 || owed >= flushPackets || nowNanos - session.oldestOwedNanos() >= windowNanos;
  }

  /** When the oldest packet of anybody has waited for the window, or {@link TimerHeap#NEVER}. */
  long nextFlushNanos() {
    long next = TimerHeap.NEVER;
    for (int i = 0; i < size; i++) {
      next = Math.min(next, owing[i].oldestOwedNanos() + windowNanos);
    }
    return next;
  }
}

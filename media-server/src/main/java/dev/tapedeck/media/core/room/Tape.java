package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.lang.foreign.MemorySegment;

/** The tape of one session, with the timer that hands over slabs which nobody fills. Owned by the worker thread. */
final class Tape {
  private final RecordTap tap;
  private final TimerHeap timers;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);

  Tape(RecordTap tap, TimerHeap timers) {
    this.tap = tap;
    this.timers = timers;
  }

  void rtp(
      long nowNanos,
      long arrivalNanos,
      UpLayer layer,
      MemorySegment memory,
      long offset,
      int length,
      boolean repaired,
      boolean startsKeyFrame) {
    if (layer.tapeTrack == UpLayer.NOT_TAPED) {
      layer.tapeTrack = tap.addTrack(nowNanos, layer.describe());
    } else if (layer.takeChanged()) {
      tap.updateTrack(nowNanos, layer.tapeTrack, layer.describe());
    }
    tap.rtp(layer.tapeTrack, arrivalNanos, memory, offset, length, repaired, startsKeyFrame);
    timers.scheduleAtMost(timer, tap.nextTimeoutNanos());
  }

  void senderReport(long arrivalNanos, UpLayer layer, MemorySegment memory, long offset, int length) {
    if (layer.tapeTrack != UpLayer.NOT_TAPED) {
      tap.senderReport(layer.tapeTrack, arrivalNanos, memory, offset, length);
    }
  }

  void roomEvent(long nowNanos, String json) {
    tap.roomEvent(nowNanos, json);
  }

  void close(long nowNanos, TapeEnd end) {
    timers.cancel(timer);
    tap.close(nowNanos, end);
  }

  private void handleTimeout(long nowNanos) {
    tap.handleTimeout(nowNanos);
    timers.schedule(timer, tap.nextTimeoutNanos());
  }
}

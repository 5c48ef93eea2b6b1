package dev.tapedeck.media.core.room;

/**
 * Which layer of a simulcast track goes on a tape that keeps one at a time: the best that flows, or the lowest while the
 * spool is short of room. Changes at key frames, so that what is taped can be shown without a break. Owned by the worker
 * thread.
 */
final class TopLayer {
  /** How often the layers are compared. */
  private static final long INTERVAL_NANOS = 50_000_000L;

  private final UpTrack track;
  private UpLayer current;
  private UpLayer target;
  private long comparedNanos = Long.MIN_VALUE;

  TopLayer(UpTrack track) {
    this.track = track;
  }

  /** Whether this packet belongs on the tape. */
  boolean takes(long nowNanos, UpLayer layer, boolean startsKeyFrame, boolean wantsLowest) {
    if (current == null || nowNanos - comparedNanos >= INTERVAL_NANOS) {
      comparedNanos = nowNanos;
      aimAt(nowNanos, wantsLowest ? track.lowestLayer() : track.bestLayer(nowNanos));
    }
    if (current == null || layer == target && layer != current && startsKeyFrame) {
      switchTo(layer);
    }
    return layer == current || layer.sequence() <= layer.tapedUpTo;
  }

  private void aimAt(long nowNanos, UpLayer best) {
    target = best;
    if (best != null && best != current && current != null && !best.isAtKeyFrame()) {
      best.wantKeyFrame(nowNanos);
    }
  }

  /** What the former layer sent before is wanted all the same, should its repair come late. */
  private void switchTo(UpLayer layer) {
    if (current != null) {
      current.tapedUpTo = current.highestSequence();
      current.nack.setPatienceNanos(0);
    }
    current = layer;
    layer.nack.setPatienceNanos(Tape.PATIENCE_NANOS);
  }
}

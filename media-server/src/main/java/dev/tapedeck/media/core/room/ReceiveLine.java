package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.wire.Receiver;
import java.util.Optional;

/**
 * One m-line on which a member receives, by the name it gave it. Outlives its stays in rooms, so that SSRC and numbers of
 * what it is sent go on. Owned by the worker thread.
 */
final class ReceiveLine {
  /** So long without a packet, and the line is inactive. */
  private static final long INACTIVE_NANOS = 2_000_000_000L;

  final String name;
  final boolean isVideo;
  Receiver.Config config;

  /** What the member wants to receive; empty for nothing. */
  Optional<Receiver.Source> source;

  /** Null until the line is in an answer. */
  DownTrack downTrack;

  private Receiver.Status status = Receiver.Status.WAITING;
  private long packetsSeen;
  private long lastPacketNanos;

  ReceiveLine(String name, boolean isVideo, Receiver.Config config, Optional<Receiver.Source> source) {
    this.name = name;
    this.isVideo = isVideo;
    this.config = config;
    this.source = source;
  }

  /** Takes the m-line's track. */
  void take(DownTrack downTrack) {
    this.downTrack = downTrack;
    limit();
  }

  void configure(Receiver.Config config) {
    this.config = config;
    if (downTrack != null) {
      limit();
    }
  }

  /** The wire's priority is unsigned; 0 was never given. */
  private void limit() {
    downTrack.limit(LayerLimits.of(config), Math.max(1, Integer.toUnsignedLong(config.getPriority())));
  }

  /** Whether packets flow, by what was told last. */
  boolean isActive() {
    return status == Receiver.Status.ACTIVE;
  }

  boolean wants(UpTrack track) {
    return track.isVideo() == isVideo && source.isPresent()
        && source.get().getPeer().equals(track.publication.peer()) && source.get().getTrack().equals(track.name);
  }

  /** Begins to wait for another source. */
  void await(Optional<Receiver.Source> wanted) {
    source = wanted;
    status = Receiver.Status.WAITING;
    packetsSeen = downTrack == null ? 0 : downTrack.packets;
  }

  /** The status if it has changed since it was asked last. */
  Optional<Receiver.Status> change(long nowNanos) {
    if (downTrack == null || source.isEmpty()) {
      return Optional.empty();
    }
    if (downTrack.packets != packetsSeen) {
      packetsSeen = downTrack.packets;
      lastPacketNanos = nowNanos;
      return changeTo(Receiver.Status.ACTIVE);
    }
    return status == Receiver.Status.ACTIVE && nowNanos - lastPacketNanos >= INACTIVE_NANOS
        ? changeTo(Receiver.Status.INACTIVE)
        : Optional.empty();
  }

  private Optional<Receiver.Status> changeTo(Receiver.Status next) {
    if (status == next) {
      return Optional.empty();
    }
    status = next;
    return Optional.of(next);
  }
}

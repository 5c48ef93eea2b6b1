package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.wire.TapeClosed;
import java.util.Locale;

/** Why no further packet follows on a tape. */
public enum TapeEnd {
  /** The client said goodbye. */
  LEFT(TapeClosed.End.LEFT),
  /** The client vanished; what it sent last is unknown. */
  TIMED_OUT(TapeClosed.End.TIMED_OUT),
  /** The recording, the peer or the room was stopped. */
  STOPPED(TapeClosed.End.STOPPED),
  /** This media server stops. */
  NODE_SHUTDOWN(TapeClosed.End.NODE_SHUTDOWN),
  /** A newer session of the same peer took its place. */
  REPLACED(TapeClosed.End.REPLACED);

  private final TapeClosed.End wire;

  TapeEnd(TapeClosed.End wire) {
    this.wire = wire;
  }

  /** As events and manifests name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public TapeClosed.End toWire() {
    return wire;
  }
}

package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpPacket;

/** Counts frames of any video codec by the marker bit; their bytes are not put together. */
public final class MarkerAssembler extends FrameAssembler {
  private static final byte[] NOTHING = new byte[0];
  private boolean damaged;

  public MarkerAssembler() {
    super(FrameSink.NONE);
  }

  @Override
  public void onPacket(RtpPacket packet) {
    if (!packet.hasMarker()) {
      return;
    }
    if (damaged) {
      broken();
    } else {
      complete(NOTHING, packet.timestamp(), false);
    }
    damaged = false;
  }

  @Override
  public void onLoss(long packets) {
    damaged = true;
  }
}

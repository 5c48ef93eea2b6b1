package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpPacket;
import java.util.Arrays;

/** One packet, one frame (RFC 7587 §4.2). */
public final class OpusAssembler extends FrameAssembler {
  public OpusAssembler(FrameSink sink) {
    super(sink);
  }

  @Override
  public void onPacket(RtpPacket packet) {
    if (packet.payloadBytes() > 0) {
      int from = packet.payloadOffset();
      complete(Arrays.copyOfRange(packet.data(), from, from + packet.payloadBytes()), packet.timestamp(), true);
    }
  }

  @Override
  public void onLoss(long packets) {
    for (long i = 0; i < packets; i++) {
      broken();
    }
  }
}

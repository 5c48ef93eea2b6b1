package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.media.FrameAssembler;
import dev.tapedeck.bench.client.media.FrameSink;
import dev.tapedeck.bench.client.media.MarkerAssembler;
import dev.tapedeck.bench.client.media.OpusAssembler;
import dev.tapedeck.bench.client.media.Vp8Assembler;
import dev.tapedeck.bench.client.rtp.PacketConsumer;
import dev.tapedeck.bench.client.rtp.RtpPacket;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;

/** One m-line of a watcher: frames, and whether the RTP timestamps go on in one direction. Owned by the loop thread. */
final class WatchedSlot implements PacketConsumer {
  private final String mid;
  private final FrameAssembler assembler;
  private final Runnable onVideoLoss;
  private long lastTimestamp = -1;
  private long backwardTimestamps;
  private long highestTimestampStep;

  WatchedSlot(OfferedMedia media, FrameSink sink, Runnable onVideoLoss) {
    this.mid = media.mid();
    this.assembler = assemblerFor(media, sink);
    this.onVideoLoss = media.kind() == MediaKind.VIDEO ? onVideoLoss : () -> {};
  }

  private static FrameAssembler assemblerFor(OfferedMedia media, FrameSink sink) {
    if (media.kind() == MediaKind.AUDIO) {
      return new OpusAssembler(sink);
    }
    return media.codecs().getFirst().name().equals("VP8") ? new Vp8Assembler(sink) : new MarkerAssembler();
  }

  @Override
  public void onPacket(RtpPacket packet) {
    if (lastTimestamp >= 0) {
      int step = (int) (packet.timestamp() - lastTimestamp);
      if (step < 0) {
        backwardTimestamps++;
      }
      highestTimestampStep = Math.max(highestTimestampStep, step);
    }
    lastTimestamp = packet.timestamp();
    assembler.onPacket(packet);
  }

  @Override
  public void onLoss(long packets) {
    assembler.onLoss(packets);
    onVideoLoss.run();
  }

  FrameStats stats() {
    return new FrameStats(mid, assembler.frames(), assembler.keyFrames(), assembler.brokenFrames(),
        backwardTimestamps, highestTimestampStep);
  }
}

package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.Opus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** Opus (RFC 7587): each payload is one frame; a lost one damages no other. */
final class OpusDepacketizer implements Depacketizer {
  private static final byte[] NO_HEADER = {};

  private long frames;
  private long malformedPackets;

  @Override
  public void packet(int index, long missingPackets, long rtpTime, boolean hasMarker, MemorySegment memory,
      long offset, int length, Consumer<Frame> out) {
    if (length == 0) {
      return;
    }
    if (Opus.samples(memory, offset, length) == Opus.MALFORMED) {
      malformedPackets++;
      return;
    }
    frames++;
    byte[] data = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    out.accept(new Frame(index, index, rtpTime, true, 0, 0, NO_HEADER, data));
  }

  @Override
  public void end(Consumer<Frame> out) {}

  @Override
  public FrameCounts counts() {
    return new FrameCounts(frames, frames, 0, 0, malformedPackets);
  }
}

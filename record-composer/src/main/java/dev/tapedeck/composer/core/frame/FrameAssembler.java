package dev.tapedeck.composer.core.frame;

import dev.tapedeck.composer.core.frame.PayloadFormat.Finish;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Collects the packets of each video frame and hands on the frames that are whole and decodable.
 *
 * <p>A frame is the packets of one timestamp. It ends with the marker bit, or, where the sender forgot it, with the
 * next timestamp. A gap before it is harmless only where the codec's own counting proves that no picture is missing.
 */
final class FrameAssembler implements Depacketizer {
  /** Larger than any encoder makes; a stream that never ends its frame must not fill the memory. */
  private static final int MAX_FRAME_BYTES = 32 << 20;

  private final PayloadFormat format;
  private final LossPolicy lossPolicy;
  private final FrameBuffer buffer = new FrameBuffer();

  private boolean isOpen;
  private boolean isDamaged;
  private boolean needsKeyFrame = true;
  private boolean hasLossSinceFrame;
  private int firstPacket;
  private int lastPacket;
  private long frameRtpTime;

  private long frames;
  private long keyFrames;
  private long damagedFrames;
  private long undecodableFrames;
  private long malformedPackets;

  FrameAssembler(PayloadFormat format, LossPolicy lossPolicy) {
    this.format = format;
    this.lossPolicy = lossPolicy;
  }

  @Override
  public void packet(int index, long missingPackets, long rtpTime, boolean hasMarker, MemorySegment memory,
      long offset, int length, Consumer<Frame> out) {
    hasLossSinceFrame |= missingPackets > 0;
    if (isOpen && rtpTime != frameRtpTime) {
      isDamaged |= hasLossSinceFrame; // its tail may be among the lost
      close(out);
    }
    if (length == 0) {
      return;
    }
    if (isOpen) {
      isDamaged |= missingPackets > 0;
    } else {
      open(index, rtpTime, memory, offset, length);
    }
    lastPacket = index;
    append(memory, offset, length);
    if (hasMarker) {
      close(out);
    }
  }

  @Override
  public void end(Consumer<Frame> out) {
    if (isOpen) {
      close(out);
    }
  }

  @Override
  public FrameCounts counts() {
    return new FrameCounts(frames, keyFrames, damagedFrames, undecodableFrames, malformedPackets);
  }

  private void open(int index, long rtpTime, MemorySegment memory, long offset, int length) {
    isOpen = true;
    firstPacket = index;
    frameRtpTime = rtpTime;
    buffer.clear();
    format.beginFrame();
    isDamaged = !format.startsFrame(memory, offset, length);
    if (hasLossSinceFrame && !format.followsLastPicture(memory, offset, length)) {
      breakReferences();
    }
    hasLossSinceFrame = false;
  }

  private void append(MemorySegment memory, long offset, int length) {
    if (buffer.length() + length > MAX_FRAME_BYTES || !format.append(memory, offset, length, buffer)) {
      malformedPackets++;
      isDamaged = true;
    }
  }

  private void close(Consumer<Frame> out) {
    isOpen = false;
    hasLossSinceFrame = false;
    Finish finish = isDamaged ? Finish.UNDECODABLE : format.finish(buffer);
    if (!finish.isDecodable()) {
      damagedFrames++;
      breakReferences();
      return;
    }
    if (needsKeyFrame && !finish.isKeyFrame()) {
      undecodableFrames++;
      return;
    }
    needsKeyFrame = false;
    frames++;
    keyFrames += finish.isKeyFrame() ? 1 : 0;
    out.accept(new Frame(firstPacket, lastPacket, frameRtpTime, finish.isKeyFrame(), finish.width(), finish.height(),
        finish.codecHeader(), buffer.copy()));
  }

  private void breakReferences() {
    needsKeyFrame |= lossPolicy == LossPolicy.DROP_TO_KEY_FRAME;
  }
}

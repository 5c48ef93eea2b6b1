package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.Vp8Payload;
import java.lang.foreign.MemorySegment;

/** VP8 payloads (RFC 7741): the descriptor goes, the rest of all payloads is the frame. */
final class Vp8Format implements PayloadFormat {
  private static final int KEY_FRAME_HEADER_BYTES = 10;

  private int pictureId = Vp8Payload.NONE;

  @Override
  public void beginFrame() {}

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    return Vp8Payload.startsFrame(memory, offset);
  }

  @Override
  public boolean followsLastPicture(MemorySegment memory, long offset, int length) {
    if (pictureId == Vp8Payload.NONE || Vp8Payload.descriptorBytes(memory, offset, length) == Vp8Payload.NONE) {
      return false;
    }
    int mask = (1 << Vp8Payload.pictureIdBits(memory, offset)) - 1;
    return Vp8Payload.hasPictureId(memory, offset)
        && Vp8Payload.pictureId(memory, offset) == (pictureId + 1 & mask);
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int descriptorBytes = Vp8Payload.descriptorBytes(memory, offset, length);
    if (descriptorBytes == Vp8Payload.NONE || descriptorBytes == length) {
      return false;
    }
    pictureId = Vp8Payload.pictureId(memory, offset);
    frame.put(memory, offset + descriptorBytes, length - descriptorBytes);
    return true;
  }

  // RFC 6386 §9.1: bit 0 of the frame tag is 0 in a key frame; start code and size follow the tag.
  @Override
  public Finish finish(FrameBuffer frame) {
    if (frame.length() == 0) {
      return Finish.UNDECODABLE;
    }
    if ((frame.get(0) & 1) != 0) {
      return Finish.DELTA;
    }
    boolean hasStartCode = frame.length() >= KEY_FRAME_HEADER_BYTES
        && frame.get(3) == 0x9D && frame.get(4) == 0x01 && frame.get(5) == 0x2A;
    return hasStartCode ? Finish.key(sizeAt(frame, 6), sizeAt(frame, 8)) : Finish.UNDECODABLE;
  }

  private static int sizeAt(FrameBuffer frame, int position) {
    return (frame.get(position) | frame.get(position + 1) << 8) & 0x3FFF;
  }
}

package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * VP8 payloads (RFC 7741 4.2).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |X|R|N|S|R| PID |   S starts a partition, PID which
 * |I|L|T|K| RSV   |   if X
 * |M| PictureID   |   if I; 15 bits if M
 * |   TL0PICIDX   |   if L
 * |TID|Y| KEYIDX  |   if T or K
 * </pre>
 */
final class Vp8Format implements PayloadFormat {
  private static final int EXTENDED = 0x80;
  private static final int STARTS_PARTITION = 0x10;
  private static final int PARTITION = 0x07;
  private static final int HAS_PICTURE_ID = 0x80;
  private static final int HAS_TL0PICIDX = 0x40;
  private static final int HAS_TID_OR_KEYIDX = 0x30;
  private static final int LONG_PICTURE_ID = 0x80;
  private static final int NO_PICTURE_ID = -1;
  private static final int KEY_FRAME_HEADER_BYTES = 10;

  private int lastPictureId = NO_PICTURE_ID;
  private int pictureId = NO_PICTURE_ID;

  @Override
  public void beginFrame() {
    lastPictureId = pictureId;
    pictureId = NO_PICTURE_ID;
  }

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    int first = Bytes.u8(memory, offset);
    return (first & STARTS_PARTITION) != 0 && (first & PARTITION) == 0;
  }

  @Override
  public boolean followsLastPicture(MemorySegment memory, long offset, int length) {
    int id = pictureId(memory, offset, length);
    return id != NO_PICTURE_ID && lastPictureId != NO_PICTURE_ID && PictureIds.isNext(lastPictureId, id);
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int descriptorBytes = descriptorBytes(memory, offset, length);
    if (descriptorBytes < 0 || descriptorBytes >= length) {
      return false;
    }
    pictureId = pictureId(memory, offset, length);
    frame.put(memory, offset + descriptorBytes, length - descriptorBytes);
    return true;
  }

  // RFC 6386 9.1: bit 0 of the frame tag is 0 in a key frame; start code and size follow the tag.
  @Override
  public Finish finish(FrameBuffer frame) {
    if (frame.length() == 0 || (frame.get(0) & 1) != 0) {
      return frame.length() == 0 ? Finish.UNDECODABLE : Finish.DELTA;
    }
    boolean hasStartCode = frame.length() >= KEY_FRAME_HEADER_BYTES
        && frame.get(3) == 0x9D && frame.get(4) == 0x01 && frame.get(5) == 0x2A;
    return hasStartCode ? Finish.key(size(frame, 6), size(frame, 8)) : Finish.UNDECODABLE;
  }

  private static int size(FrameBuffer frame, int position) {
    return (frame.get(position) | frame.get(position + 1) << 8) & 0x3FFF;
  }

  private static int descriptorBytes(MemorySegment memory, long offset, int length) {
    if ((Bytes.u8(memory, offset) & EXTENDED) == 0) {
      return 1;
    }
    if (length < 2) {
      return -1;
    }
    int extension = Bytes.u8(memory, offset + 1);
    int bytes = 2;
    if ((extension & HAS_PICTURE_ID) != 0) {
      if (length <= bytes) {
        return -1;
      }
      bytes += (Bytes.u8(memory, offset + bytes) & LONG_PICTURE_ID) != 0 ? 2 : 1;
    }
    bytes += (extension & HAS_TL0PICIDX) != 0 ? 1 : 0;
    bytes += (extension & HAS_TID_OR_KEYIDX) != 0 ? 1 : 0;
    return bytes;
  }

  private static int pictureId(MemorySegment memory, long offset, int length) {
    boolean hasId = length > 3 && (Bytes.u8(memory, offset) & EXTENDED) != 0
        && (Bytes.u8(memory, offset + 1) & HAS_PICTURE_ID) != 0;
    return hasId ? PictureIds.read(memory, offset + 2) : NO_PICTURE_ID;
  }
}

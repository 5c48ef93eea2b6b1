package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The VP8 payload descriptor (RFC 7741 §4.2) and the header of the frame behind it (RFC 6386 §9.1), read and changed in
 * place.
 *
 * <pre>
 *      0 1 2 3 4 5 6 7
 *     |X|R|N|S|R| PID |
 * X:  |I|L|T|K| RSV   |
 * I:  |M| PictureID   |
 * M:  |   PictureID   |
 * L:  |   TL0PICIDX   |
 * T/K:|TID|Y| KEYIDX  |
 * </pre>
 *
 * <p>{@link #descriptorBytes}, {@link #startsKeyFrame} and {@link #frameSize} take any bytes; the other functions trust
 * that {@link #descriptorBytes} accepted the payload.
 */
public final class Vp8Payload {
  /** Returned where a field is absent or a descriptor malformed. */
  public static final int NONE = -1;

  private static final int X = 0x80;
  private static final int N = 0x20;
  private static final int S = 0x10;
  private static final int PID = 0x07;
  private static final int I = 0x80;
  private static final int L = 0x40;
  private static final int T = 0x20;
  private static final int K = 0x10;
  private static final int M = 0x80;

  /** Frame tag, start code, width, height (RFC 6386 §9.1). */
  private static final int KEY_FRAME_HEADER_BYTES = 10;
  private static final int START_CODE = 0x9d012a;

  private Vp8Payload() {}

  /** Bytes before the VP8 data, 1..6, or {@link #NONE} if the descriptor does not fit the payload. */
  public static int descriptorBytes(MemorySegment memory, long offset, int length) {
    if (length < 1) {
      return NONE;
    }
    if ((Bytes.u8(memory, offset) & X) == 0) {
      return 1;
    }
    if (length < 2 || hasPictureId(memory, offset) && length < 3) {
      return NONE;
    }
    int bytes = tidOffset(memory, offset) + ((extensionFlags(memory, offset) & (T | K)) != 0 ? 1 : 0);
    return bytes <= length ? bytes : NONE;
  }

  /** Whether this packet begins a frame: the start of partition 0. */
  public static boolean startsFrame(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & (S | PID)) == S;
  }

  /** Whether this packet begins a key frame. */
  public static boolean startsKeyFrame(MemorySegment memory, long offset, int length) {
    int descriptorBytes = descriptorBytes(memory, offset, length);
    return descriptorBytes != NONE
        && descriptorBytes < length
        && startsFrame(memory, offset)
        && (Bytes.u8(memory, offset + descriptorBytes) & 1) == 0;
  }

  /** Size told by a packet that begins a key frame, else {@link FrameSize#UNKNOWN}. */
  public static int frameSize(MemorySegment memory, long offset, int length) {
    long header = keyFrameHeader(memory, offset, length);
    return header == NONE
        ? FrameSize.UNKNOWN
        : FrameSize.of(littleEndian16(memory, header + 6) & 0x3FFF, littleEndian16(memory, header + 8) & 0x3FFF);
  }

  /** How much the decoder is asked to enlarge the width, 0..3 (RFC 6386 §9.1), or {@link #NONE}. */
  public static int horizontalScale(MemorySegment memory, long offset, int length) {
    long header = keyFrameHeader(memory, offset, length);
    return header == NONE ? NONE : littleEndian16(memory, header + 6) >> 14;
  }

  /** How much the decoder is asked to enlarge the height, 0..3 (RFC 6386 §9.1), or {@link #NONE}. */
  public static int verticalScale(MemorySegment memory, long offset, int length) {
    long header = keyFrameHeader(memory, offset, length);
    return header == NONE ? NONE : littleEndian16(memory, header + 8) >> 14;
  }

  /** Whether no other frame refers to this one. */
  public static boolean isNonReference(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & N) != 0;
  }

  public static boolean hasPictureId(MemorySegment memory, long offset) {
    return (extensionFlags(memory, offset) & I) != 0;
  }

  /** Bits of the picture id: 7 or 15, 0 without one. */
  public static int pictureIdBits(MemorySegment memory, long offset) {
    if (!hasPictureId(memory, offset)) {
      return 0;
    }
    return (Bytes.u8(memory, offset + 2) & M) == 0 ? 7 : 15;
  }

  /** Picture id in its own 7 or 15 bits, or {@link #NONE}. */
  public static int pictureId(MemorySegment memory, long offset) {
    return switch (pictureIdBits(memory, offset)) {
      case 7 -> Bytes.u8(memory, offset + 2);
      case 15 -> Bytes.u16(memory, offset + 2) & 0x7FFF;
      default -> NONE;
    };
  }

  /** Writes as many low bits as the picture id has; nothing if there is none. */
  public static void putPictureId(MemorySegment memory, long offset, int pictureId) {
    switch (pictureIdBits(memory, offset)) {
      case 7 -> Bytes.put8(memory, offset + 2, pictureId & 0x7F);
      case 15 -> Bytes.put16(memory, offset + 2, M << 8 | pictureId & 0x7FFF);
      default -> {}
    }
  }

  /** Running index of base layer frames, 0..255, or {@link #NONE}. */
  public static int tl0PicIdx(MemorySegment memory, long offset) {
    return (extensionFlags(memory, offset) & L) == 0 ? NONE : Bytes.u8(memory, offset + tl0PicIdxOffset(memory, offset));
  }

  /** Writes the low 8 bits; nothing if there is none. */
  public static void putTl0PicIdx(MemorySegment memory, long offset, int tl0PicIdx) {
    if ((extensionFlags(memory, offset) & L) != 0) {
      Bytes.put8(memory, offset + tl0PicIdxOffset(memory, offset), tl0PicIdx);
    }
  }

  /** Temporal layer, 0..3, or {@link #NONE}. */
  public static int tid(MemorySegment memory, long offset) {
    return (extensionFlags(memory, offset) & T) == 0 ? NONE : Bytes.u8(memory, offset + tidOffset(memory, offset)) >> 6;
  }

  /** The Y bit: whether a receiver may go up to this temporal layer here. */
  public static boolean isLayerSync(MemorySegment memory, long offset) {
    return (extensionFlags(memory, offset) & T) != 0
        && (Bytes.u8(memory, offset + tidOffset(memory, offset)) & 0x20) != 0;
  }

  /** Temporal key frame index, 0..31, or {@link #NONE}. */
  public static int keyIdx(MemorySegment memory, long offset) {
    return (extensionFlags(memory, offset) & K) == 0
        ? NONE
        : Bytes.u8(memory, offset + tidOffset(memory, offset)) & 0x1F;
  }

  private static int extensionFlags(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & X) == 0 ? 0 : Bytes.u8(memory, offset + 1);
  }

  private static int tl0PicIdxOffset(MemorySegment memory, long offset) {
    return 2 + (pictureIdBits(memory, offset) + 1 >> 3);
  }

  private static int tidOffset(MemorySegment memory, long offset) {
    return tl0PicIdxOffset(memory, offset) + ((extensionFlags(memory, offset) & L) != 0 ? 1 : 0);
  }

  private static long keyFrameHeader(MemorySegment memory, long offset, int length) {
    if (!startsKeyFrame(memory, offset, length)) {
      return NONE;
    }
    int descriptorBytes = descriptorBytes(memory, offset, length);
    long header = offset + descriptorBytes;
    boolean isWhole = length - descriptorBytes >= KEY_FRAME_HEADER_BYTES;
    return isWhole && Bytes.u24(memory, header + 3) == START_CODE ? header : NONE;
  }

  private static int littleEndian16(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset) | Bytes.u8(memory, offset + 1) << 8;
  }
}

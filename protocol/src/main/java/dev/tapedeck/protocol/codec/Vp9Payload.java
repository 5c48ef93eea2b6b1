package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The VP9 payload descriptor (RFC 9628 §4.2), read and changed in place.
 *
 * <pre>
 *      0 1 2 3 4 5 6 7
 *     |I|P|L|F|B|E|V|Z|
 * I:  |M| PICTURE ID  |
 * M:  | EXTENDED PID  |
 * L:  | TID |U| SID |D|
 *     |   TL0PICIDX   |      if not F
 * P,F:|   P_DIFF    |N|      up to 3 times, while N
 * V:  | N_S |Y|G|-|-|-|      scalability structure
 * Y:  | WIDTH (16) | HEIGHT (16) |   N_S + 1 times
 * G:  |      N_G      |
 *     | TID |U| R |-|-| , R times P_DIFF (8)   N_G times
 * </pre>
 *
 * <p>{@link #descriptorBytes}, {@link #startsKeyFrame} and {@link #frameSize} take any bytes; the other functions trust
 * that {@link #descriptorBytes} accepted the payload.
 */
public final class Vp9Payload {
  /** Returned where a field is absent or a descriptor malformed. */
  public static final int NONE = -1;

  private static final int I = 0x80;
  private static final int P = 0x40;
  private static final int L = 0x20;
  private static final int F = 0x10;
  private static final int B = 0x08;
  private static final int E = 0x04;
  private static final int V = 0x02;
  private static final int Z = 0x01;
  private static final int M = 0x80;
  private static final int MAX_REFERENCES = 3;

  private Vp9Payload() {}

  /** Bytes before the VP9 data, or {@link #NONE} if the descriptor does not fit the payload or breaks its own rules. */
  public static int descriptorBytes(MemorySegment memory, long offset, int length) {
    int bytes = structureOffset(memory, offset, length);
    if (bytes == NONE || !hasScalabilityStructure(memory, offset)) {
      return bytes;
    }
    return skipStructure(memory, offset, length, bytes);
  }

  /** Whether this packet begins a key picture: not predicted from another picture, first packet of spatial layer 0. */
  public static boolean startsKeyFrame(MemorySegment memory, long offset, int length) {
    return descriptorBytes(memory, offset, length) != NONE
        && startsFrame(memory, offset)
        && !isInterPicturePredicted(memory, offset)
        && sid(memory, offset) <= 0;
  }

  /** Size of the highest spatial layer, if this packet has a scalability structure that tells it. */
  public static int frameSize(MemorySegment memory, long offset, int length) {
    if (descriptorBytes(memory, offset, length) == NONE) {
      return FrameSize.UNKNOWN;
    }
    int layers = spatialLayers(memory, offset, length);
    return layers == NONE ? FrameSize.UNKNOWN : layerFrameSize(memory, offset, length, layers - 1);
  }

  /** The P bit: whether this frame refers to an earlier picture. */
  public static boolean isInterPicturePredicted(MemorySegment memory, long offset) {
    return (flags(memory, offset) & P) != 0;
  }

  /** The F bit: whether references are told by each packet. */
  public static boolean isFlexible(MemorySegment memory, long offset) {
    return (flags(memory, offset) & F) != 0;
  }

  /** The B bit: first packet of a layer's frame. */
  public static boolean startsFrame(MemorySegment memory, long offset) {
    return (flags(memory, offset) & B) != 0;
  }

  /** The E bit: last packet of a layer's frame. */
  public static boolean endsFrame(MemorySegment memory, long offset) {
    return (flags(memory, offset) & E) != 0;
  }

  /** The Z bit: no higher spatial layer of the same picture refers to this frame. */
  public static boolean isNotReferencedByUpperLayers(MemorySegment memory, long offset) {
    return (flags(memory, offset) & Z) != 0;
  }

  /** The V bit. */
  public static boolean hasScalabilityStructure(MemorySegment memory, long offset) {
    return (flags(memory, offset) & V) != 0;
  }

  /** Bits of the picture id: 7 or 15, 0 without one. */
  public static int pictureIdBits(MemorySegment memory, long offset) {
    if ((flags(memory, offset) & I) == 0) {
      return 0;
    }
    return (Bytes.u8(memory, offset + 1) & M) == 0 ? 7 : 15;
  }

  /** Picture id in its own 7 or 15 bits, or {@link #NONE}. */
  public static int pictureId(MemorySegment memory, long offset) {
    return switch (pictureIdBits(memory, offset)) {
      case 7 -> Bytes.u8(memory, offset + 1);
      case 15 -> Bytes.u16(memory, offset + 1) & 0x7FFF;
      default -> NONE;
    };
  }

  /** Writes as many low bits as the picture id has; nothing if there is none. */
  public static void putPictureId(MemorySegment memory, long offset, int pictureId) {
    switch (pictureIdBits(memory, offset)) {
      case 7 -> Bytes.put8(memory, offset + 1, pictureId & 0x7F);
      case 15 -> Bytes.put16(memory, offset + 1, M << 8 | pictureId & 0x7FFF);
      default -> {}
    }
  }

  /** Temporal layer, 0..7, or {@link #NONE}. */
  public static int tid(MemorySegment memory, long offset) {
    return hasLayerIndices(memory, offset) ? layerIndices(memory, offset) >> 5 : NONE;
  }

  /** Spatial layer, 0..7, or {@link #NONE}. */
  public static int sid(MemorySegment memory, long offset) {
    return hasLayerIndices(memory, offset) ? layerIndices(memory, offset) >> 1 & 7 : NONE;
  }

  /** The U bit: whether a receiver may go up to this temporal layer here. */
  public static boolean isSwitchingUpPoint(MemorySegment memory, long offset) {
    return hasLayerIndices(memory, offset) && (layerIndices(memory, offset) & 0x10) != 0;
  }

  /** The D bit: whether this frame refers to the spatial layer below. */
  public static boolean isInterLayerPredicted(MemorySegment memory, long offset) {
    return hasLayerIndices(memory, offset) && (layerIndices(memory, offset) & 0x01) != 0;
  }

  /** Running index of base layer pictures, 0..255, or {@link #NONE} without layer indices and in flexible mode. */
  public static int tl0PicIdx(MemorySegment memory, long offset) {
    return hasTl0PicIdx(memory, offset) ? Bytes.u8(memory, offset + layerOffset(memory, offset) + 1) : NONE;
  }

  /** Writes the low 8 bits; nothing if there is none. */
  public static void putTl0PicIdx(MemorySegment memory, long offset, int tl0PicIdx) {
    if (hasTl0PicIdx(memory, offset)) {
      Bytes.put8(memory, offset + layerOffset(memory, offset) + 1, tl0PicIdx);
    }
  }

  /** Count of the pictures a frame of flexible mode names as references, 0..3. */
  public static int references(MemorySegment memory, long offset) {
    if ((flags(memory, offset) & (P | F)) != (P | F)) {
      return 0;
    }
    int count = 1;
    for (int at = referencesOffset(memory, offset); (Bytes.u8(memory, offset + at) & 1) != 0; at++) {
      count++;
    }
    return count;
  }

  /**
   * How many picture ids back the reference lies, 0..127.
   *
   * @param index below {@link #references}
   */
  public static int referenceDistance(MemorySegment memory, long offset, int index) {
    return Bytes.u8(memory, offset + referencesOffset(memory, offset) + index) >> 1;
  }

  /** Spatial layers the structure tells of, 1..8, or {@link #NONE} without a structure. */
  public static int spatialLayers(MemorySegment memory, long offset, int length) {
    return hasScalabilityStructure(memory, offset)
        ? (Bytes.u8(memory, offset + structureOffset(memory, offset, length)) >> 5) + 1
        : NONE;
  }

  /** Size of one spatial layer, or {@link FrameSize#UNKNOWN} if the structure tells none or knows no such layer. */
  public static int layerFrameSize(MemorySegment memory, long offset, int length, int sid) {
    if (sid < 0 || sid >= spatialLayers(memory, offset, length)) {
      return FrameSize.UNKNOWN;
    }
    long structure = offset + structureOffset(memory, offset, length);
    if ((Bytes.u8(memory, structure) & 0x10) == 0) {
      return FrameSize.UNKNOWN;
    }
    long size = structure + 1 + 4L * sid;
    return FrameSize.of(Bytes.u16(memory, size), Bytes.u16(memory, size + 2));
  }

  private static int flags(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset);
  }

  private static boolean hasLayerIndices(MemorySegment memory, long offset) {
    return (flags(memory, offset) & L) != 0;
  }

  private static boolean hasTl0PicIdx(MemorySegment memory, long offset) {
    return (flags(memory, offset) & (L | F)) == L;
  }

  private static int layerIndices(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset + layerOffset(memory, offset));
  }

  private static int layerOffset(MemorySegment memory, long offset) {
    return 1 + (pictureIdBits(memory, offset) + 1 >> 3);
  }

  private static int referencesOffset(MemorySegment memory, long offset) {
    int flags = flags(memory, offset);
    return layerOffset(memory, offset) + ((flags & L) == 0 ? 0 : (flags & F) == 0 ? 2 : 1);
  }

  /** Bytes before the scalability structure, or before the data if there is none. */
  private static int structureOffset(MemorySegment memory, long offset, int length) {
    if (length < 1 || (flags(memory, offset) & I) != 0 && length < 2) {
      return NONE;
    }
    int at = referencesOffset(memory, offset);
    if ((flags(memory, offset) & (P | F)) == (P | F)) {
      at = skipReferences(memory, offset, length, at);
    }
    return at <= length ? at : NONE;
  }

  private static int skipReferences(MemorySegment memory, long offset, int length, int at) {
    for (int i = 0; i < MAX_REFERENCES && at < length; i++) {
      boolean isLast = (Bytes.u8(memory, offset + at++) & 1) == 0;
      if (isLast) {
        return at;
      }
    }
    return Integer.MAX_VALUE; // more references than allowed, or cut off
  }

  private static int skipStructure(MemorySegment memory, long offset, int length, int at) {
    if (at >= length) {
      return NONE;
    }
    int first = Bytes.u8(memory, offset + at++);
    if ((first & 0x10) != 0) {
      at += 4 * ((first >> 5) + 1);
    }
    if ((first & 0x08) == 0) {
      return at <= length ? at : NONE;
    }
    if (at >= length) {
      return NONE;
    }
    for (int pictures = Bytes.u8(memory, offset + at++); pictures > 0; pictures--) {
      if (at >= length) {
        return NONE;
      }
      at += 1 + (Bytes.u8(memory, offset + at) >> 2 & 3);
    }
    return at <= length ? at : NONE;
  }
}

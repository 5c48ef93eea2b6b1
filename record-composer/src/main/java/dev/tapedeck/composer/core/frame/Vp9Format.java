package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * VP9 payloads (RFC 9628 4.2). All spatial layers of a picture become one superframe (VP9 bitstream specification,
 * annex B), which a decoder turns into one picture of the highest layer.
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |I|P|L|F|B|E|V|Z|   P predicted from other pictures, B and E first and last packet of a layer's frame
 * |M| PICTURE ID  |   if I; 15 bits if M
 * | TID |U| SID |D|   if L
 * |   TL0PICIDX   |   if L and not F
 * | P_DIFF      |N|   if F and P, again while N, 3 at most
 * | scalability structure |   if V
 * </pre>
 */
final class Vp9Format implements PayloadFormat {
  private static final int HAS_PICTURE_ID = 0x80;
  private static final int IS_PREDICTED = 0x40;
  private static final int HAS_LAYERS = 0x20;
  private static final int IS_FLEXIBLE = 0x10;
  private static final int STARTS_LAYER = 0x08;
  private static final int ENDS_LAYER = 0x04;
  private static final int HAS_STRUCTURE = 0x02;
  private static final int NO_PICTURE_ID = -1;
  private static final int MAX_LAYERS = 8;
  private static final int MAX_REFERENCES = 3;

  private final int[] layerEnds = new int[MAX_LAYERS];
  private int layers;
  private boolean isInLayer;
  private boolean isPredicted;
  private int structureWidth;
  private int structureHeight;
  private int lastPictureId = NO_PICTURE_ID;
  private int pictureId = NO_PICTURE_ID;

  /** Descriptor of the payload last read. */
  private int flags;
  private int spatialLayer;
  private int payloadPictureId;

  @Override
  public void beginFrame() {
    layers = 0;
    isInLayer = false;
    isPredicted = false;
    lastPictureId = pictureId;
    pictureId = NO_PICTURE_ID;
  }

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    return readDescriptor(memory, offset, length) > 0 && (flags & STARTS_LAYER) != 0 && spatialLayer == 0;
  }

  @Override
  public boolean followsLastPicture(MemorySegment memory, long offset, int length) {
    return readDescriptor(memory, offset, length) > 0 && payloadPictureId != NO_PICTURE_ID
        && lastPictureId != NO_PICTURE_ID && PictureIds.isNext(lastPictureId, payloadPictureId);
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int descriptorBytes = readDescriptor(memory, offset, length);
    boolean startsLayer = (flags & STARTS_LAYER) != 0;
    if (descriptorBytes <= 0 || descriptorBytes >= length || startsLayer == isInLayer || layers == MAX_LAYERS) {
      return false;
    }
    if (layers == 0 && startsLayer) {
      isPredicted = (flags & IS_PREDICTED) != 0;
      pictureId = payloadPictureId;
    }
    frame.put(memory, offset + descriptorBytes, length - descriptorBytes);
    isInLayer = (flags & ENDS_LAYER) == 0;
    if (!isInLayer) {
      layerEnds[layers++] = frame.length();
    }
    return true;
  }

  @Override
  public Finish finish(FrameBuffer frame) {
    if (isInLayer || layers == 0) {
      return Finish.UNDECODABLE;
    }
    Vp9Header header = Vp9Header.parse(frame.copy(0, Math.min(layerEnds[0], Vp9Header.MAX_BYTES)));
    if (layers > 1) {
      putSuperframeIndex(frame);
    }
    if (isPredicted || !header.isKeyFrame()) {
      return Finish.DELTA;
    }
    boolean isScalable = layers > 1 && structureWidth > 0;
    return Finish.key(isScalable ? structureWidth : header.width(), isScalable ? structureHeight : header.height());
  }

  /**
   * <pre>
   * | 110 | bytes per size - 1 : 2 | frames - 1 : 3 | size of each frame, little-endian ... | first byte again |
   * </pre>
   */
  private void putSuperframeIndex(FrameBuffer frame) {
    int sizeBytes = 4;
    int marker = 0xC0 | (sizeBytes - 1) << 3 | layers - 1;
    int[] ends = Arrays.copyOf(layerEnds, layers);
    frame.put(marker);
    int from = 0;
    for (int end : ends) {
      for (int shift = 0; shift < 8 * sizeBytes; shift += 8) {
        frame.put(end - from >> shift);
      }
      from = end;
    }
    frame.put(marker);
  }

  /** @return bytes of the descriptor, or -1 if it does not fit */
  private int readDescriptor(MemorySegment memory, long offset, int length) {
    flags = Bytes.u8(memory, offset);
    spatialLayer = 0;
    payloadPictureId = NO_PICTURE_ID;
    long position = offset + 1;
    long end = offset + length;
    if ((flags & HAS_PICTURE_ID) != 0) {
      if (position + 2 > end) {
        return -1;
      }
      payloadPictureId = PictureIds.read(memory, position);
      position += (Bytes.u8(memory, position) & 0x80) != 0 ? 2 : 1;
    }
    if ((flags & HAS_LAYERS) != 0) {
      if (position + 2 > end) {
        return -1;
      }
      spatialLayer = Bytes.u8(memory, position) >> 1 & 7;
      position += (flags & IS_FLEXIBLE) != 0 ? 1 : 2;
    }
    if ((flags & IS_FLEXIBLE) != 0 && (flags & IS_PREDICTED) != 0) {
      position = skipReferences(memory, position, end);
    }
    if ((flags & HAS_STRUCTURE) != 0) {
      position = readStructure(memory, position, end);
    }
    return position <= end ? (int) (position - offset) : -1;
  }

  private static long skipReferences(MemorySegment memory, long from, long end) {
    long position = from;
    for (int i = 0; i < MAX_REFERENCES; i++) {
      if (position >= end) {
        return end + 1;
      }
      boolean isLast = (Bytes.u8(memory, position++) & 1) == 0;
      if (isLast) {
        break;
      }
    }
    return position;
  }

  /**
   * <pre>
   * | N_S |Y|G|-|-|-|   then, if Y, width and height (16 bits each) of N_S + 1 layers;
   * |      N_G      |   if G, then for each picture | TID |U| R |-|-| and R bytes of P_DIFF
   * </pre>
   */
  private long readStructure(MemorySegment memory, long from, long end) {
    if (from >= end) {
      return end + 1;
    }
    int header = Bytes.u8(memory, from);
    long position = from + 1;
    if ((header & 0x10) != 0) {
      int sizes = (header >> 5) + 1;
      position += 4L * sizes;
      if (position > end) {
        return position;
      }
      structureWidth = Bytes.u16(memory, position - 4);
      structureHeight = Bytes.u16(memory, position - 2);
    }
    return (header & 0x08) != 0 ? skipPictureGroup(memory, position, end) : position;
  }

  private static long skipPictureGroup(MemorySegment memory, long from, long end) {
    if (from >= end) {
      return end + 1;
    }
    int pictures = Bytes.u8(memory, from);
    long position = from + 1;
    for (int i = 0; i < pictures && position < end; i++) {
      position += 1 + (Bytes.u8(memory, position) >> 2 & 3);
    }
    return position;
  }
}

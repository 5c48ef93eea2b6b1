package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.Av1Payload;
import dev.tapedeck.protocol.codec.Av1SequenceHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * AV1 payloads ("RTP Payload Format For AV1", AOMedia); out comes a temporal unit of OBUs that carry their sizes,
 * without temporal delimiters, as Matroska and MP4 want it.
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |Z|Y| W |N|-|-|-|   Z first element goes on from the last packet, Y last element goes on in the next,
 *                     W count of elements (0: each has a length), N first packet of a coded video sequence
 * | length: leb128 | OBU element | ...   with W above 0 the last element has no length
 * </pre>
 */
final class Av1Format implements PayloadFormat {
  private static final byte[] NONE = {};
  private static final int CONTINUES = 0x80;
  private static final int CONTINUED = 0x40;
  private static final int OBU_EXTENSION = 0x04;
  private static final int OBU_HAS_SIZE = 0x02;
  private static final int OBU_TEMPORAL_DELIMITER = 2;
  private static final int OBU_FRAME_HEADER = 3;
  private static final int OBU_FRAME = 6;
  private static final int OBU_TILE_LIST = 8;
  private static final int OBU_PADDING = 15;
  private static final int MAX_LEB128_BYTES = 8;

  private final FrameBuffer obu = new FrameBuffer();
  private boolean isInObu;
  private boolean hasFrame;
  private boolean isKeyFrame;
  private byte[] sequenceHeader = NONE;
  private Optional<Av1SequenceHeader> size = Optional.empty();

  @Override
  public void beginFrame() {
    obu.clear();
    isInObu = false;
    hasFrame = false;
    isKeyFrame = false;
    sequenceHeader = NONE;
    size = Optional.empty();
  }

  @Override
  public boolean startsFrame(MemorySegment memory, long offset, int length) {
    return (at(memory, offset) & CONTINUES) == 0;
  }

  @Override
  public boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame) {
    int header = at(memory, offset);
    boolean continues = (header & CONTINUES) != 0;
    if (continues != isInObu) {
      return false;
    }
    int elements = header >> 4 & 3;
    long position = offset + 1;
    long end = offset + length;
    for (int i = 1; position < end; i++) {
      long elementBytes = end - position;
      if (elements == 0 || i < elements) {
        long leb = readLeb128(memory, position, end);
        if (leb < 0) {
          return false;
        }
        position += leb >>> 56;
        elementBytes = leb & 0xFF_FFFF_FFFF_FFFFL;
      }
      if (elementBytes > end - position) {
        return false;
      }
      obu.put(memory, position, (int) elementBytes);
      position += elementBytes;
      isInObu = position == end && (header & CONTINUED) != 0;
      if (!isInObu && !endObu(frame)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Finish finish(FrameBuffer frame) {
    if (isInObu || !hasFrame) {
      return Finish.UNDECODABLE;
    }
    if (!isKeyFrame || sequenceHeader.length == 0) {
      return Finish.DELTA;
    }
    return size.map(known -> Finish.key(known.maxWidth(), known.maxHeight(), sequenceHeader))
        .orElse(Finish.UNDECODABLE);
  }

  private boolean endObu(FrameBuffer frame) {
    if (obu.length() == 0) {
      return true; // an empty element is legal
    }
    byte[] bytes = obu.copy();
    obu.clear();
    int header = bytes[0] & 0xFF;
    int type = header >> 3 & 0x0F;
    int headerBytes = (header & OBU_EXTENSION) != 0 ? 2 : 1;
    int payloadFrom = headerBytes;
    if ((header & OBU_HAS_SIZE) != 0) {
      MemorySegment memory = MemorySegment.ofArray(bytes);
      long leb = readLeb128(memory, Math.min(headerBytes, bytes.length), bytes.length);
      payloadFrom += (int) (leb >>> 56);
      if (leb < 0 || payloadFrom + (leb & 0xFF_FFFF_FFFF_FFFFL) != bytes.length) {
        return false;
      }
    }
    if (payloadFrom > bytes.length) {
      return false;
    }
    if (type == OBU_TEMPORAL_DELIMITER || type == OBU_TILE_LIST || type == OBU_PADDING) {
      return true;
    }
    int from = frame.length();
    frame.put(header | OBU_HAS_SIZE);
    if (headerBytes == 2) {
      frame.put(bytes[1]);
    }
    putLeb128(frame, bytes.length - payloadFrom);
    frame.put(MemorySegment.ofArray(bytes), payloadFrom, bytes.length - payloadFrom);
    note(type, bytes, payloadFrom, frame, from);
    return true;
  }

  private void note(int type, byte[] bytes, int payloadFrom, FrameBuffer frame, int from) {
    if (type == Av1Payload.OBU_SEQUENCE_HEADER) {
      sequenceHeader = frame.copy(from, frame.length());
      size = Av1SequenceHeader.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
    } else if (type == OBU_FRAME || type == OBU_FRAME_HEADER) {
      // show_existing_frame (1 bit) and frame_type (2 bits) are 0 for a key frame (5.9.2).
      boolean isKey = payloadFrom < bytes.length && (bytes[payloadFrom] & 0xE0) == 0;
      isKeyFrame |= isKey && !hasFrame;
      hasFrame = true;
    }
  }

  /** The value in the low 56 bits, its bytes in the top 8; negative if it does not end before {@code end}. */
  private static long readLeb128(MemorySegment memory, long position, long end) {
    long value = 0;
    for (int i = 0; i < MAX_LEB128_BYTES && position + i < end; i++) {
      int read = at(memory, position + i);
      value |= (read & 0x7FL) << (7 * i);
      if ((read & 0x80) == 0) {
        return (long) (i + 1) << 56 | value;
      }
    }
    return -1;
  }

  private static void putLeb128(FrameBuffer frame, int value) {
    int rest = value;
    while (rest >= 0x80) {
      frame.put(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    frame.put(rest);
  }

  private static int at(MemorySegment memory, long offset) {
    return memory.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }
}

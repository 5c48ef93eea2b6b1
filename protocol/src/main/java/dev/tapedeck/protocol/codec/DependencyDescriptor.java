package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * The fields of the dependency descriptor that can be read without knowing its templates (RTP Payload Format For AV1
 * v1.0, appendix A.8.1 to A.8.3). It is a header extension element; see
 * {@link dev.tapedeck.protocol.rtp.RtpExtensions#find}.
 *
 * <pre>
 *  0                   1                   2
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 * |S|E| template  |         frame number          |
 * |T|...                                               T: a template dependency structure follows
 * </pre>
 */
public final class DependencyDescriptor {
  /** The mandatory fields; an element of just this length has no others. */
  public static final int MANDATORY_BYTES = 3;

  private DependencyDescriptor() {}

  /** Whether an element of this length can be one; the other functions trust that it was. */
  public static boolean isValid(int length) {
    return length >= MANDATORY_BYTES;
  }

  public static boolean startsFrame(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & 0x80) != 0;
  }

  public static boolean endsFrame(MemorySegment memory, long offset) {
    return (Bytes.u8(memory, offset) & 0x40) != 0;
  }

  /** frame_dependency_template_id, 0..63; its meaning comes with the structure. */
  public static int templateId(MemorySegment memory, long offset) {
    return Bytes.u8(memory, offset) & 0x3F;
  }

  /** 0..65535, one more with each frame in decoding order. */
  public static int frameNumber(MemorySegment memory, long offset) {
    return Bytes.u16(memory, offset + 1);
  }

  /** Writes the low 16 bits. */
  public static void putFrameNumber(MemorySegment memory, long offset, int frameNumber) {
    Bytes.put16(memory, offset + 1, frameNumber);
  }

  /** Whether a template dependency structure is attached, without which a receiver cannot begin. */
  public static boolean hasStructure(MemorySegment memory, long offset, int length) {
    return length > MANDATORY_BYTES && (Bytes.u8(memory, offset + MANDATORY_BYTES) & 0x80) != 0;
  }

  /** Whether this packet begins a frame that starts a coded video sequence: the structure comes with those alone. */
  public static boolean startsKeyFrame(MemorySegment memory, long offset, int length) {
    return isValid(length) && startsFrame(memory, offset) && hasStructure(memory, offset, length);
  }
}

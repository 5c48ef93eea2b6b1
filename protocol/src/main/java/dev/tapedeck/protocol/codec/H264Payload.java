package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * H.264 payloads (RFC 6184) of packetization modes 0 and 1: single NAL units (§5.6), STAP-A (§5.7.1), FU-A (§5.8).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |F|NRI|  Type   |                                  NAL unit header
 * |F|NRI|   24    | size (16) | NAL unit | ...       STAP-A
 * |F|NRI|   28    | |S|E|R|  Type   | fragment ...   FU-A
 * </pre>
 *
 * <p>All functions take any bytes.
 */
public final class H264Payload {
  /** No such NAL unit. */
  public static final long NONE = -1;

  static final int SLICE = 1;
  public static final int IDR_SLICE = 5;
  public static final int SPS = 7;
  public static final int PPS = 8;
  static final int STAP_A = 24;
  static final int FU_A = 28;

  private static final int FRAGMENT_START = 0x80;
  private static final int NAL_REF_IDC = 0x60;

  private H264Payload() {}

  /**
   * Whether this packet begins an IDR picture or holds a sequence parameter set, which senders put before one. Where the
   * parameter sets travel in a packet of their own, this is true of it and of the packet that begins the IDR slice.
   */
  public static boolean startsKeyFrame(MemorySegment memory, long offset, int length) {
    if (length < 1) {
      return false;
    }
    return switch (Bytes.u8(memory, offset) & 0x1F) {
      case IDR_SLICE, SPS -> true;
      case STAP_A -> findNalUnit(memory, offset, length, SPS) != NONE
          || findNalUnit(memory, offset, length, IDR_SLICE) != NONE;
      case FU_A -> startsFragmented(memory, offset, length, IDR_SLICE);
      default -> false;
    };
  }

  /**
   * Whether this packet belongs to a picture that no other refers to: nal_ref_idc of its slices is 0 (ITU-T H.264
   * §7.4.1). Parameter sets, and messages that stand alone, belong to none.
   */
  public static boolean isNonReference(MemorySegment memory, long offset, int length) {
    if (length < 2 || (Bytes.u8(memory, offset) & NAL_REF_IDC) != 0) {
      return false;
    }
    return switch (Bytes.u8(memory, offset) & 0x1F) {
      case SLICE -> true;
      case STAP_A -> findNalUnit(memory, offset, length, SLICE) != NONE;
      case FU_A -> (Bytes.u8(memory, offset + 1) & 0x1F) == SLICE;
      default -> false;
    };
  }

  /** Size told by a sequence parameter set in this packet, else {@link FrameSize#UNKNOWN}. Allocates. */
  public static int frameSize(MemorySegment memory, long offset, int length) {
    long sps = findNalUnit(memory, offset, length, SPS);
    if (sps == NONE) {
      return FrameSize.UNKNOWN;
    }
    return H264Sps.parse(memory, nalUnitOffset(sps), nalUnitBytes(sps))
        .map(H264Sps::frameSize)
        .orElse(FrameSize.UNKNOWN);
  }

  /**
   * Finds a whole NAL unit of this type, alone in the packet or in a STAP-A.
   *
   * @return offset and length in one number, see {@link #nalUnitOffset} and {@link #nalUnitBytes}, or {@link #NONE}
   */
  public static long findNalUnit(MemorySegment memory, long offset, int length, int type) {
    if (length < 1) {
      return NONE;
    }
    int packetType = Bytes.u8(memory, offset) & 0x1F;
    if (packetType != STAP_A) {
      return packetType == type && length <= 0xFFFF ? pack(offset, length) : NONE;
    }
    long end = offset + length;
    for (long at = offset + 1; at + 3 <= end; ) {
      int bytes = Bytes.u16(memory, at);
      at += 2;
      if (bytes == 0 || at + bytes > end) {
        return NONE;
      }
      if ((Bytes.u8(memory, at) & 0x1F) == type) {
        return pack(at, bytes);
      }
      at += bytes;
    }
    return NONE;
  }

  /** Where the NAL unit header stands. */
  public static long nalUnitOffset(long nalUnit) {
    return nalUnit >>> 16;
  }

  /** Bytes of the NAL unit with its header, 1..65535. */
  public static int nalUnitBytes(long nalUnit) {
    return (int) nalUnit & 0xFFFF;
  }

  private static long pack(long offset, int bytes) {
    return offset << 16 | bytes;
  }

  private static boolean startsFragmented(MemorySegment memory, long offset, int length, int type) {
    return length >= 2
        && (Bytes.u8(memory, offset + 1) & (FRAGMENT_START | 0x1F)) == (FRAGMENT_START | type);
  }
}

package dev.tapedeck.protocol.codec;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * How long an Opus packet plays, by its first bytes (RFC 6716 §3.1).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * | config  |s| c |    c = 0: one frame, 1 and 2: two, 3: as many as the next byte says
 * |v|p|     M     |
 * </pre>
 */
public final class Opus {
  /** Returned for bytes that are no Opus packet. */
  public static final int MALFORMED = -1;

  /** RTP timestamps of Opus count 48 kHz samples whatever the encoder works at (RFC 7587 §4.1). */
  public static final int SAMPLES_PER_SECOND = 48_000;

  /** 120 ms (RFC 6716 §3.2.5, R5). */
  private static final int MAX_PACKET_SAMPLES = SAMPLES_PER_SECOND * 120 / 1000;

  /** An encoder in discontinuous transmission sends at most this much (RFC 7587 §3.1.3 calls such frames DTX). */
  private static final int MAX_DTX_BYTES = 2;

  private Opus() {}

  /**
   * Samples of one frame at 48 kHz: 120 (2.5 ms) to 2880 (60 ms).
   *
   * @param toc first byte of the packet
   */
  public static int frameSamples(int toc) {
    int config = toc >> 3 & 0x1F;
    if (config < 12) { // SILK: 10, 20, 40, 60 ms
      int step = config & 3;
      return step == 3 ? 2880 : 480 << step;
    }
    if (config < 16) { // hybrid: 10, 20 ms
      return 480 << (config & 1);
    }
    return 120 << (config & 3); // CELT: 2.5, 5, 10, 20 ms
  }

  /** Frames in the packet, 1..48, or {@link #MALFORMED}. */
  public static int frames(MemorySegment memory, long offset, int length) {
    if (length < 1) {
      return MALFORMED;
    }
    int toc = Bytes.u8(memory, offset);
    int count = switch (toc & 3) {
      case 0 -> 1;
      case 1, 2 -> 2;
      default -> length < 2 ? 0 : Bytes.u8(memory, offset + 1) & 0x3F;
    };
    return count >= 1 && count * frameSamples(toc) <= MAX_PACKET_SAMPLES ? count : MALFORMED;
  }

  /** Samples the packet plays at 48 kHz, 120..5760, or {@link #MALFORMED}. */
  public static int samples(MemorySegment memory, long offset, int length) {
    int frames = frames(memory, offset, length);
    return frames == MALFORMED ? MALFORMED : frames * frameSamples(Bytes.u8(memory, offset));
  }

  public static boolean isStereo(int toc) {
    return (toc & 4) != 0;
  }

  /** Whether a payload this short only says that silence goes on. */
  public static boolean isDtx(int payloadBytes) {
    return payloadBytes <= MAX_DTX_BYTES;
  }
}

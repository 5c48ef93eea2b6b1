package dev.tapedeck.media.core.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a datagram on the media port is, told by its first bytes (RFC 7983 §7, RFC 5761 §4). */
public enum PacketKind {
  STUN,
  DTLS,
  RTP,
  RTCP,
  UNKNOWN;

  /** Reads at most two bytes; never throws for any content with {@code 0 <= length}. */
  public static PacketKind of(MemorySegment memory, long offset, int length) {
    if (length < 1) {
      return UNKNOWN;
    }
    int first = memory.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    if (first <= 3) {
      return STUN;
    }
    if (first >= 20 && first <= 63) {
      return DTLS;
    }
    if (first >= 128 && first <= 191 && length >= 8) {
      int second = memory.get(ValueLayout.JAVA_BYTE, offset + 1) & 0xFF;
      return second >= 192 && second <= 223 ? RTCP : RTP;
    }
    return UNKNOWN;
  }
}

package dev.tapedeck.media.io.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The word of E flag and index behind an SRTCP packet (RFC 3711 §3.4), and the clear part before it. */
final class SrtcpTrailer {
  static final int BYTES = 4;

  /** First header and SSRC of an RTCP packet stay clear. */
  static final int CLEAR_BYTES = 8;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int ENCRYPTED_FLAG = 0x8000_0000;

  private SrtcpTrailer() {}

  static void write(MemorySegment target, long offset, int index) {
    target.set(INT, offset, index | ENCRYPTED_FLAG);
  }
}

package dev.tapedeck.composer.core.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The identification header of Opus in a file (RFC 7845 §5.1), which webm, ogg and mp4 all want.
 * <pre>
 *  0               8 "OpusHead"
 *  8   version 1   9 channels   10 pre-skip (little-endian)   12 input rate (little-endian)
 * 16   output gain (0)          18 mapping family 0
 * </pre> */
public final class OpusHead {
  public static final int SAMPLE_RATE = 48_000;
  private static final int BYTES = 19;

  private OpusHead() {}

  /** @param preSkip samples at 48 kHz a player drops at the start, 0..65535
   *  @return 19 bytes */
  public static byte[] of(int channels, int preSkip) {
    return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN)
        .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) channels)
        .putShort((short) preSkip)
        .putInt(SAMPLE_RATE)
        .array();
  }

  /** @param head bytes of an OpusHead, or anything else
   *  @return its pre-skip in samples at 48 kHz, 0 where {@code head} is none */
  public static int preSkip(byte[] head) {
    return head.length < BYTES ? 0 : ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getShort(10) & 0xFFFF;
  }
}

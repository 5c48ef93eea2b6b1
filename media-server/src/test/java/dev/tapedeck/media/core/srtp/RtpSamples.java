package dev.tapedeck.media.core.srtp;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** RTP and RTCP packets for tests, of every header shape. */
public final class RtpSamples {
  private RtpSamples() {}

  /** A plain RTP packet with a 12-byte header and random payload. */
  public static byte[] rtp(RandomGenerator random, int ssrc, int sequence, int payloadBytes) {
    return rtp(random, ssrc, sequence, 0, -1, payloadBytes);
  }

  /** @param extensionWords length of the header extension, -1 for none */
  public static byte[] rtp(
      RandomGenerator random, int ssrc, int sequence, int csrcs, int extensionWords, int payloadBytes) {
    byte[] bytes = new byte[headerBytes(csrcs, extensionWords) + payloadBytes];
    random.nextBytes(bytes);
    ByteBuffer packet = ByteBuffer.wrap(bytes);
    packet.put(0, (byte) (0x80 | (extensionWords >= 0 ? 0x10 : 0) | csrcs));
    packet.put(1, (byte) 96);
    packet.putShort(2, (short) sequence);
    packet.putInt(8, ssrc);
    if (extensionWords >= 0) {
      packet.putShort(12 + 4 * csrcs, (short) 0xBEDE);
      packet.putShort(12 + 4 * csrcs + 2, (short) extensionWords);
    }
    return bytes;
  }

  public static int headerBytes(int csrcs, int extensionWords) {
    return 12 + 4 * csrcs + (extensionWords >= 0 ? 4 + 4 * extensionWords : 0);
  }

  /** A receiver report or what looks like one, {@code 4 * words} bytes with 2 words at least. */
  public static byte[] rtcp(RandomGenerator random, int ssrc, int words) {
    byte[] bytes = new byte[4 * words];
    random.nextBytes(bytes);
    ByteBuffer packet = ByteBuffer.wrap(bytes);
    packet.put(0, (byte) 0x81).put(1, (byte) 201).putShort(2, (short) (words - 1)).putInt(4, ssrc);
    return bytes;
  }
}

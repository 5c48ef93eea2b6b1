package dev.tapedeck.composer.core.frame;

/**
 * The first bytes of an Opus packet (RFC 6716 3.1).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * | config  |s| c |   c = 0: one frame, 1 and 2: two, 3: count in the next byte
 * </pre>
 */
public final class OpusPacket {
  private static final long MICROS = 1_000L;
  private static final long[] SILK_MICROS = {10_000, 20_000, 40_000, 60_000};
  private static final long[] CELT_MICROS = {2_500, 5_000, 10_000, 20_000};
  /** RFC 6716 3.2.5: a packet lasts at most this long. */
  private static final long MAX_NANOS = 120_000 * MICROS;
  private static final byte[] SILENCE_20_MS = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

  private OpusPacket() {}

  /** How long the packet sounds, nanoseconds; 0 if it is malformed. */
  public static long durationNanos(byte[] packet) {
    if (packet.length == 0) {
      return 0;
    }
    long nanos = frames(packet) * frameMicros(packet[0] >> 3 & 0x1F) * MICROS;
    return nanos <= MAX_NANOS ? nanos : 0;
  }

  public static int channels(byte[] packet) {
    return packet.length > 0 && (packet[0] & 0x04) != 0 ? 2 : 1;
  }

  /** A packet of 20 ms in which nothing is heard: CELT, full band, mono. */
  public static byte[] silence20Millis() {
    return SILENCE_20_MS.clone();
  }

  private static int frames(byte[] packet) {
    return switch (packet[0] & 0x03) {
      case 0 -> 1;
      case 1, 2 -> 2;
      default -> packet.length > 1 ? packet[1] & 0x3F : 0;
    };
  }

  // RFC 6716 table 2: SILK 0..11, hybrid 12..15, CELT 16..31.
  private static long frameMicros(int config) {
    if (config < 12) {
      return SILK_MICROS[config & 3];
    }
    return config < 16 ? SILK_MICROS[config & 1] : CELT_MICROS[config & 3];
  }
}

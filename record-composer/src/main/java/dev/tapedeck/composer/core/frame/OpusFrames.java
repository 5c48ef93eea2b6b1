package dev.tapedeck.composer.core.frame;

import dev.tapedeck.protocol.codec.Opus;
import java.lang.foreign.MemorySegment;

/** What a whole Opus packet (RFC 6716 §3.1) tells of its sound, and a packet of silence. */
public final class OpusFrames {
  /** How long {@link #silence} lasts. */
  public static final long SILENCE_NANOS = 20_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  /** CELT, full band, 20 ms, mono, and the shortest code for "no energy". */
  private static final byte[] SILENCE = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

  private OpusFrames() {}

  /** How long the packet sounds, nanoseconds; 0 if it is malformed. */
  public static long durationNanos(byte[] packet) {
    int samples = Opus.samples(MemorySegment.ofArray(packet), 0, packet.length);
    return samples == Opus.MALFORMED ? 0 : samples * NANOS_PER_SECOND / Opus.SAMPLES_PER_SECOND;
  }

  /** 1 or 2. */
  public static int channels(byte[] packet) {
    return packet.length > 0 && Opus.isStereo(packet[0]) ? 2 : 1;
  }

  /** A packet in which nothing is heard. */
  public static byte[] silence() {
    return SILENCE.clone();
  }
}

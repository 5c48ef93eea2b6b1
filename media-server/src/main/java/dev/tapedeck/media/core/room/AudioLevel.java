package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import java.lang.foreign.MemorySegment;

/**
 * How loud one audio track is, by what its sender says in each packet (RFC 6464 §3). Nothing is decoded. Owned by the
 * worker thread; allocates nothing.
 *
 * <pre>
 *  0                   1
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 * |  ID   | len=0 |V|   level     |     level: 0..127, for 0..-127 dBov
 * </pre>
 */
final class AudioLevel implements Speaker {
  /** As loud as this, a packet holds voice. */
  static final int VOICE_DECIBELS = -40;

  /** Nobody is heard below this; a level that has not to climb from -127 dBov tells of a voice sooner. */
  static final int FLOOR_DECIBELS = -70;

  /** Long enough to keep one click from looking like a voice, short enough to see a voice within 150 ms. */
  private static final long RISE_NANOS = 30_000_000L;

  /** Bridges the gaps between syllables. */
  private static final long FALL_NANOS = 300_000_000L;

  /** Longer than the longest Opus packet; a sender that is quiet for so long is silent (RFC 6716 §2.1.9). */
  private static final long SILENT_NANOS = 150_000_000L;

  /** Longer than most pauses within a word. */
  private static final long VOICE_HOLD_NANOS = 200_000_000L;

  private final int extensionId;
  private boolean isTold;
  private boolean hasPacket;
  private long packetNanos;
  private double decibels = FLOOR_DECIBELS;
  private boolean hasVoice;
  private long voiceNanos;

  /** Whether the sender has ever set the V bit, so that its absence means something. */
  private boolean marksVoice;

  /** @param extensionId of ssrc-audio-level on this m-line, 0 where it was not agreed on */
  AudioLevel(int extensionId) {
    this.extensionId = extensionId;
  }

  /** Takes the level of a packet whose header {@link dev.tapedeck.protocol.rtp.RtpHeader#headerBytes} accepted. */
  void read(long nowNanos, MemorySegment memory, long offset, int headerBytes) {
    long element = extensionId == 0
        ? RtpExtensions.NONE
        : RtpExtensions.find(memory, offset, headerBytes, extensionId);
    if (element != RtpExtensions.NONE && RtpExtensions.length(element) > 0) {
      isTold = true;
      int data = Bytes.u8(memory, RtpExtensions.offset(element));
      note(nowNanos, -(data & 0x7F), (data & 0x80) != 0);
    } else if (!isTold) {
      // A sender that never tells is heard while nobody who does is louder.
      note(nowNanos, VOICE_DECIBELS, false);
    }
  }

  /**
   * The V bit alone is no voice: encoders without a detector set it on every packet they send. Where it is told apart,
   * a loud packet without it is noise.
   */
  private void note(long nowNanos, int packetDecibels, boolean isMarked) {
    smooth(nowNanos, Math.max(packetDecibels, FLOOR_DECIBELS));
    marksVoice |= isMarked;
    if (packetDecibels >= VOICE_DECIBELS && (isMarked || !marksVoice)) {
      hasVoice = true;
      voiceNanos = nowNanos;
    }
  }

  /** One step of an exponential average, by the time that has passed. */
  private void smooth(long nowNanos, int packetDecibels) {
    if (isSilentAt(nowNanos)) {
      decibels = FLOOR_DECIBELS;
    }
    // Before the first packet nothing has passed; the usual 20 ms are as good as any.
    double elapsedNanos = hasPacket ? nowNanos - packetNanos : 20_000_000L;
    long constantNanos = packetDecibels > decibels ? RISE_NANOS : FALL_NANOS;
    decibels += (packetDecibels - decibels) * elapsedNanos / (elapsedNanos + constantNanos);
    hasPacket = true;
    packetNanos = nowNanos;
  }

  private boolean isSilentAt(long nowNanos) {
    return !hasPacket || nowNanos - packetNanos >= SILENT_NANOS;
  }

  @Override
  public double decibelsAt(long nowNanos) {
    return isSilentAt(nowNanos) ? FLOOR_DECIBELS : decibels;
  }

  @Override
  public boolean isSpeakingAt(long nowNanos) {
    return hasVoice && nowNanos - voiceNanos < VOICE_HOLD_NANOS;
  }

  /** Whether the sender itself says how loud it is. */
  boolean isTold() {
    return isTold;
  }
}

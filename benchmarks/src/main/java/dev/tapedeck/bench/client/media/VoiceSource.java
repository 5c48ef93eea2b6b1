package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.SentLog;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Load: one Opus packet of noise every 20 ms, all of one size, as a constant bit rate gives them (RFC 7587 §4.2). From
 * about 18 kbit/s on it ends with a {@link SendStamp}.
 */
public final class VoiceSource implements MediaSource {
  private static final long PACKET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int PACKETS_PER_SECOND = 50;
  private static final int TICKS_PER_PACKET = 960;

  private final byte[] payload;
  private final SendStamp stamp = new SendStamp();
  private long startNanos;
  private long packetNumber;

  /** @param bitsPerSecond of the payload, 6000..510000 */
  public VoiceSource(int bitsPerSecond) {
    payload = new byte[bitsPerSecond / Byte.SIZE / PACKETS_PER_SECOND];
    new Random(1).nextBytes(payload);
    // Table of contents: CELT, full band, 20 ms, one frame (RFC 6716 §3.1).
    payload[0] = (byte) 0xf8;
  }

  @Override
  public void startsAt(long nanos) {
    startNanos = nanos;
  }

  @Override
  public long sendNext(RtpSender sender, SentLog log, long nowNanos) {
    if (payload.length >= SendStamp.MIN_PAYLOAD_BYTES) {
      stamp.write(payload, payload.length, startNanos + packetNumber * PACKET_NANOS, packetNumber);
    }
    sender.send(payload, payload.length, packetNumber * TICKS_PER_PACKET, packetNumber == 0, packetNumber, nowNanos);
    log.addFrame();
    packetNumber++;
    return packetNumber * PACKET_NANOS;
  }

  @Override
  public void requestKeyFrame() {
    // Every packet of voice can be decoded by itself.
  }

  @Override
  public long keyFrameRequests() {
    return 0;
  }
}

package dev.tapedeck.media.core.rtcp;

import dev.tapedeck.protocol.rtp.NtpTime;
import java.lang.foreign.MemorySegment;

/**
 * What we report about one stream that we send (RFC 3550 §6.4.1): how much was sent, and which RTP time belongs to
 * which moment of our clock. Owned by the worker thread; allocates nothing.
 */
public final class SenderReport {
  /** Returned by {@link #roundTripNanos} when a report block tells none. */
  public static final long UNKNOWN = -1;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int ssrc;
  private final int clockRate;
  private long packets;
  private long octets;
  private boolean hasMapping;
  private long mappedWallNanos;
  private int mappedRtpTimestamp;

  /** @param clockRate RTP ticks per second */
  public SenderReport(int ssrc, int clockRate) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
  }

  /**
   * Counts a packet as sent.
   *
   * @param payloadBytes without header and padding
   */
  public void onPacket(int payloadBytes) {
    packets++;
    octets += payloadBytes;
  }

  /**
   * Says which RTP time of this stream belongs to a moment: the publisher's own sender report, renumbered, or as good a
   * guess as there is. Holds until the next call.
   *
   * @param wallNanos since 1970 on our clock
   */
  public void map(long wallNanos, int rtpTimestamp) {
    hasMapping = true;
    mappedWallNanos = wallNanos;
    mappedRtpTimestamp = rtpTimestamp;
  }

  /** Forgets the mapping, because the stream shows another source. Nothing is reported until there is a new one. */
  public void clearMapping() {
    hasMapping = false;
  }

  /** RTP time of this stream at a moment; only after {@link #map}. */
  public int rtpTimestampAt(long wallNanos) {
    long nanos = wallNanos - mappedWallNanos;
    long ticks = nanos / NANOS_PER_SECOND * clockRate + nanos % NANOS_PER_SECOND * clockRate / NANOS_PER_SECOND;
    return mappedRtpTimestamp + (int) ticks;
  }

  /**
   * Writes a sender report without blocks.
   *
   * @param wallNanos now, since 1970 on our clock
   * @return bytes written; 0 without room, and before anything was sent or mapped
   */
  public int write(long wallNanos, MemorySegment memory, long offset, int capacity) {
    if (packets == 0 || !hasMapping) {
      return 0;
    }
    return RtcpWriter.senderReport(memory, offset, capacity, ssrc, NtpTime.fromUnixNanos(wallNanos),
        rtpTimestampAt(wallNanos), packets, octets, 0);
  }

  public long packets() {
    return packets;
  }

  /** Payload octets sent. */
  public long octets() {
    return octets;
  }

  /**
   * Round trip by a report block about one of our streams (RFC 3550 §6.4.1, figure 2).
   *
   * @param wallNanos        when the block came, on the clock of our sender reports
   * @param lastSenderReport LSR of the block
   * @param delay            DLSR of the block
   * @return nanoseconds from 0, or {@link #UNKNOWN} if the receiver had seen no report, or tells nonsense
   */
  public static long roundTripNanos(long wallNanos, int lastSenderReport, int delay) {
    if (lastSenderReport == 0) {
      return UNKNOWN;
    }
    int roundTrip = NtpTime.middle32(NtpTime.fromUnixNanos(wallNanos)) - delay - lastSenderReport;
    return roundTrip < 0 ? UNKNOWN : NtpTime.shortFormatToNanos(roundTrip);
  }
}
